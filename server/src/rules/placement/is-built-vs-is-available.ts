import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'is-built-vs-is-available',
    code: 'MPS109',
    severity: 'warning',
    summary: 'MPS is taken for usable because torch was built with it',
    since: '0.1.0',
    fix: 'safe',
  },
  on: {
    libraryCall(fact, report, { facts }) {
      if (fact.name !== 'torch.backends.mps.is_built') return;
      const { callee } = fact.node;
      const asksBoth = facts.facts.some(
        (other) =>
          other.kind === 'libraryCall' &&
          (other.name === 'torch.backends.mps.is_available' ||
            other.name === 'torch.mps.is_available'),
      );
      if (asksBoth || callee.kind !== 'attribute') return;
      report({
        at: { start: callee.start, end: fact.node.end },
        message:
          'True for every macOS build of torch, also where MPS cannot be used: is_available() tells.',
        fixes: [
          fix('Use is_available()', 'safe', () => [
            { start: callee.name.start, end: callee.name.end, text: 'is_available' },
          ]),
        ],
      });
    },
  },
};
