import type { Rule } from '../rule.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'empty-cache-in-loop',
    code: 'MPS504',
    severity: 'hint',
    summary: 'The memory pool of MPS is emptied in every round of a loop',
    since: '0.1.0',
    fix: 'none',
  },
  words: mps,
  calls: (name) => name === 'torch.mps.empty_cache',
  on: {
    libraryCall(fact, report, { module }) {
      if (fact.loop === null) return;
      const { start, end } = fact.loop;
      if (fact.tests.some((test) => test.start >= start)) return;
      // Emptying after `del` or after running out of memory has a purpose.
      if (/\bdel\b|except/.test(module.text.slice(start, end))) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message:
          'Waits for the GPU and gives its memory back in every round, only to ask for it again.',
      });
    },
  },
};
