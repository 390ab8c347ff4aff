import type { EnvironmentWriteFact } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Expression, Module, Statement } from '../../syntax/tree.ts';
import { deleteLines, insertLinesBefore, ownsItsLines, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'watermark-after-allocation',
    code: 'MPS304',
    severity: 'warning',
    summary: 'A watermark is set after the first allocation on MPS',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: mps,
  on: {
    environmentWrite(fact, report, { facts, module }) {
      if (!/^PYTORCH_MPS_(?:HIGH|LOW)_WATERMARK_RATIO$/.test(fact.name)) return;
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
        fixes: fixes(fact, first.statement, module),
      });
    },
  },
};

/** `set_default_device` alone allocates nothing. */
const allocates = (callee: Expression): boolean =>
  callee.kind !== 'attribute' || callee.name.text !== 'set_default_device';

/** Moves a statement of the file's own body above the one that allocates, when os is there already. */
function fixes(
  { statement, value }: EnvironmentWriteFact,
  first: Statement,
  module: Module,
): Fix[] {
  const from = module.body.indexOf(statement);
  const to = module.body.indexOf(first);
  const importsOs = module.body
    .slice(0, Math.max(to, 0))
    .some((other) => other.kind === 'import' && other.names.some((name) => name.module === 'os'));
  if (value === null || from < 0 || to < 0 || !importsOs) return [];
  if (!ownsItsLines(module, statement) || !ownsItsLines(module, first)) return [];
  return [
    fix('Set it before the first allocation', 'unsafe', () => [
      insertLinesBefore(module, first, [textOf(module, statement)]),
      deleteLines(module, statement),
    ]),
  ];
}
