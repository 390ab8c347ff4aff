import type { EnvironmentWriteFact } from '../../semantics/facts.ts';
import { insertLinesAfter, ownsItsLines, textOf } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { Fix } from '../finding.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';

const high = 'PYTORCH_MPS_HIGH_WATERMARK_RATIO';
const low = 'PYTORCH_MPS_LOW_WATERMARK_RATIO';

/** torch's defaults, in every version from 2.4 to 2.15 (MPSAllocator.h of the wheels). */
const defaultLow = 1.4;
const defaultHigh = 1.7;
const largest = 2;

export const rule: Rule = {
  meta: {
    name: 'watermark-low-exceeds-high',
    code: 'MPS302',
    severity: 'error',
    summary: 'The high watermark is set below the low one, so torch refuses to allocate',
    since: '0.1.0',
    fix: 'safe',
  },
  words: mps,
  on: {
    environmentWrite(fact, report, context) {
      if (fact.name === low) reportLow(fact, report, context);
      if (fact.name !== high || fact.value === null || fact.value.trim() === '') return;
      const ratio = Number(fact.value);
      if (Number.isNaN(ratio) || ratio === 0) return;
      const place = fact.statement;
      if (ratio < 0 || ratio > largest) {
        report({
          at: place,
          message: `torch raises "invalid high watermark ratio ${fact.value}" at the first MPS allocation: it must lie between 0 and 2.`,
        });
        return;
      }
      const lowRatio = lowWatermark(context);
      if (lowRatio === 'unknown' || lowRatio <= ratio) return;
      report({
        at: place,
        message: `torch raises "invalid low watermark ratio ${lowRatio}" at the first MPS allocation: the low ratio must not exceed ${fact.value}.`,
        fixes: lowIsSet(context) ? [] : fixes(fact, ratio, context),
      });
    },
  },
};

/** The low ratio alone: it has to lie between 0 and torch's own high one. */
function reportLow(
  fact: EnvironmentWriteFact,
  report: (finding: NewFinding) => void,
  { facts }: RuleContext,
): void {
  const ratio = fact.value === null || fact.value.trim() === '' ? Number.NaN : Number(fact.value);
  const highIsSet = factsOf(facts, 'environmentWrite').some(({ name }) => name === high);
  if (highIsSet || Number.isNaN(ratio) || (ratio >= 0 && ratio <= defaultHigh)) return;
  report({
    at: fact.statement,
    message: `torch raises "invalid low watermark ratio ${fact.value}" at the first MPS allocation: it must lie between 0 and the high one, which is ${defaultHigh}.`,
  });
}

const lowWrites = (context: RuleContext): EnvironmentWriteFact[] =>
  factsOf(context.facts, 'environmentWrite').filter(({ name }) => name === low);

const lowIsSet = (context: RuleContext): boolean => lowWrites(context).length > 0;

/** The low ratio that holds at the first allocation, wherever in the file it is set. */
function lowWatermark(context: RuleContext): number | 'unknown' {
  const ratios = lowWrites(context).map((write) =>
    write.value === null ? Number.NaN : Number(write.value),
  );
  if (ratios.length === 0) return defaultLow;
  return ratios.some(Number.isNaN) ? 'unknown' : Math.min(...ratios);
}

/** The same statement again for the low ratio, a little below the high one. */
function fixes(fact: EnvironmentWriteFact, ratio: number, context: RuleContext): Fix[] {
  const { module } = context;
  const { statement } = fact;
  const value = Math.floor(ratio * 0.85 * 100) / 100;
  const title = `Set the low watermark to ${value}`;
  const { beside } = fact;
  if (beside !== null) return [fix(title, 'safe', () => [beside(low, String(value))])];
  const text = textOf(module, statement);
  if (!ownsItsLines(module, statement) || text.split(high).length !== 2) return [];
  if (!onlySets(fact)) return [];
  const line =
    fact.form === 'magic'
      ? text.replace(high, low).replace(fact.value as string, String(value))
      : fact.valueExpression !== null &&
          fact.valueExpression.start >= statement.start &&
          fact.valueExpression.end <= statement.end
        ? textOf(module, { start: statement.start, end: fact.valueExpression.start }).replace(
            high,
            low,
          ) +
          JSON.stringify(String(value)) +
          textOf(module, { start: fact.valueExpression.end, end: statement.end })
        : null;
  if (line === null) return [];
  return [fix(title, 'safe', () => [insertLinesAfter(module, statement, [line])])];
}

/** Said twice, `old = os.environ.setdefault(…)` would lose what the first one says. */
const onlySets = ({ form, statement, node }: EnvironmentWriteFact): boolean =>
  form === 'call'
    ? statement.kind === 'expression' && statement.value === node
    : form === 'magic' || (statement.kind === 'assign' && statement.targets.length === 1);
