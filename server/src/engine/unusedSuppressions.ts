import type { NewFinding, Rule } from '../rules/rule.ts';
import { rule, unusedSuppression } from '../rules/suppressions/unused-suppression.ts';
import type { Module } from '../syntax/tree.ts';
import type { Suppressed } from './suppressions.ts';

/**
 * Findings for comments that silence nothing.
 * @param known all rules
 * @param ran the rules whose findings are complete: only their codes are judged
 */
export function unusedSuppressions(
  module: Module,
  { suppressions, used }: Suppressed,
  known: readonly Rule[],
  ran: ReadonlySet<Rule>,
): NewFinding[] {
  const named = (code: string): Rule[] => known.filter(({ meta }) => meta.code.startsWith(code));
  const isOwn = (code: string): boolean => rule.meta.code.startsWith(code) && code.length > 3;
  const judges = (code: string): boolean => {
    const rules = named(code);
    return rules.length > 0 && rules.every((each) => ran.has(each));
  };
  const wholeFile = suppressions.filter(({ kind }) => kind === 'ignore-file');
  if (wholeFile.some(({ codes }) => codes?.some(({ code }) => isOwn(code)))) return [];
  return suppressions.flatMap((suppression) => {
    const { codes, kind } = suppression;
    if (codes === null) {
      const all = known.every((each) => ran.has(each));
      return kind !== 'noqa' && all && !used.has(suppression)
        ? [unusedSuppression(module.text, suppression, null)]
        : [];
    }
    if (codes.some(({ code }) => isOwn(code))) return [];
    const unused = codes.filter((code) => !used.has(code) && judges(code.code));
    return unused.length === 0 ? [] : [unusedSuppression(module.text, suppression, unused)];
  });
}
