import { isCertainly } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'watermark-after-allocation',
    code: 'MPS304',
    severity: 'warning',
    summary: 'A watermark is set after the first allocation on MPS',
    since: '0.1.0',
    fix: 'none',
  },
  words: mps,
  on: {
    environmentWrite(fact, report, { facts }) {
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
      });
    },
  },
};

/** `set_default_device` alone allocates nothing. */
const allocates = (callee: Expression): boolean =>
  callee.kind !== 'attribute' || callee.name.text !== 'set_default_device';
