import type { EnvironmentWriteFact, Fact } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { deleteLines, insertLinesBefore, ownsItsLines, textOf } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';
import { isReadElsewhere } from './readElsewhere.ts';
import { usesOnly } from './usesOnly.ts';

export const rule: Rule = {
  meta: {
    name: 'watermark-after-allocation',
    code: 'MPS304',
    severity: 'warning',
    summary: 'A watermark is set after the first allocation on MPS',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: mps,
  on: {
    environmentWrite(fact, report, context) {
      const { facts } = context;
      if (fact.name !== high && fact.name !== low) return;
      if (!fact.reached || fact.tests.length > 0) return;
      const first = facts.facts
        .slice(0, facts.facts.indexOf(fact))
        .find(
          (other) =>
            (other.kind === 'transfer' || other.kind === 'deviceUse') &&
            other.reached &&
            other.tests.length === 0 &&
            isCertainly(other.device, 'mps') &&
            allocates(other.node.callee),
        );
      if (first === undefined) return;
      report({
        at: fact.statement,
        message: 'Has no effect: the allocator reads it once, when the first tensor is put on MPS.',
        related: [
          { start: first.node.start, end: first.node.end, message: 'This allocates on MPS.' },
        ],
        fixes: fixes(fact, first, context),
      });
    },
  },
};

const high = 'PYTORCH_MPS_HIGH_WATERMARK_RATIO';
const low = 'PYTORCH_MPS_LOW_WATERMARK_RATIO';

/** `set_default_device` alone allocates nothing. */
const allocates = (callee: Expression): boolean =>
  callee.kind !== 'attribute' || callee.name.text !== 'set_default_device';

/** Moves a statement of the file's own body above the one that allocates, when os is there already. */
function fixes(fact: EnvironmentWriteFact, allocation: Fact, context: RuleContext): Fix[] {
  const { statement: first } = allocation;
  const { statement, value } = fact;
  const { module } = context;
  const from = module.body.indexOf(statement);
  const to = module.body.indexOf(first);
  const importsOs = module.body
    .slice(0, Math.max(to, 0))
    .some((other) => other.kind === 'import' && other.names.some((name) => name.module === 'os'));
  if (value === null || from < 0 || to < 0 || !importsOs) return [];
  if (!ownsItsLines(module, statement) || !ownsItsLines(module, first)) return [];
  return [
    fix(
      'Set it before the first allocation',
      isSafe(fact, allocation, context) ? 'safe' : 'unsafe',
      () => [
        insertLinesBefore(module, first, [textOf(module, statement)]),
        deleteLines(module, statement),
      ],
    ),
  ];
}

/** Only MPS reads the variables. Another machine is told nothing new unless the program looks at them itself. */
const isSafe = (fact: EnvironmentWriteFact, allocation: Fact, context: RuleContext): boolean =>
  usesOnly(fact.statement, 'os') &&
  writesOf(fact.name, context).length === 1 &&
  !isReadElsewhere(fact, context) &&
  isTaken(fact, allocation, context);

/** Does torch take the ratio there, beside the other one or its default (see watermark-low-exceeds-high)? */
function isTaken(fact: EnvironmentWriteFact, allocation: Fact, context: RuleContext): boolean {
  const ratio = Number(fact.value);
  const { facts } = context.facts;
  const before = writesOf(fact.name === high ? low : high, context)
    .filter((write) => facts.indexOf(write) < facts.indexOf(allocation))
    .map(({ value }) => (value === null ? Number.NaN : Number(value)));
  if (fact.name === high)
    return (
      ratio === 0 || (ratio <= 2 && ratio >= Math.max(...(before.length > 0 ? before : [1.4])))
    );
  const limits = before.map((limit) => (limit === 0 ? 2 : limit));
  return ratio >= 0 && ratio <= Math.min(...(limits.length > 0 ? limits : [1.7]));
}

const writesOf = (name: string, { facts }: RuleContext): EnvironmentWriteFact[] =>
  factsOf(facts, 'environmentWrite').filter((write) => write.name === name);
