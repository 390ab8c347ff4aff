import type { Rule } from '../rules/rule.ts';
import type { LintSettings } from './settings.ts';

export interface Selection {
  readonly rules: readonly Rule[];
  /** Entries of the settings that name no rule. */
  readonly unknown: readonly string[];
}

const exact = 100;

/** How exactly an entry names the rule: the more characters the more; -1 when it does not. */
function exactness(entry: string, { meta }: Rule): number {
  if (entry === meta.name || entry === meta.code) return exact;
  if (entry === 'ALL') return 0;
  return /^[A-Z]+\d*$/.test(entry) && meta.code.startsWith(entry) ? entry.length : -1;
}

export const namesRule = (entry: string, rule: Rule): boolean => exactness(entry, rule) >= 0;

const best = (entries: readonly string[], rule: Rule): number =>
  Math.max(-1, ...entries.map((entry) => exactness(entry, rule)));

/**
 * The rules that the settings select, in the order of the registry. A later layer decides over an
 * earlier one: the command line over a file.
 */
export function selectRules(rules: readonly Rule[], ...layers: readonly LintSettings[]): Selection {
  const chosen = rules.filter((rule) =>
    layers.reduce((on, { select, extendSelect = [], ignore }) => {
      const wanted = best([...select, ...extendSelect], rule);
      const unwanted = best(ignore, rule);
      if (wanted >= 0 || unwanted >= 0) return wanted > unwanted;
      return select.length === 0 && on;
    }, true),
  );
  const entries = layers.flatMap(({ select, extendSelect = [], ignore }) => [
    ...select,
    ...extendSelect,
    ...ignore,
  ]);
  const unknown = entries.filter((entry) => !rules.some((rule) => namesRule(entry, rule)));
  return { rules: chosen, unknown: [...new Set(unknown)] };
}
