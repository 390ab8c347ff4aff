import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { cuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-default-argument',
    code: 'MPS108',
    severity: 'info',
    summary: 'CUDA is the default device of a function, a class or a configuration',
    since: '0.1.0',
    fix: 'none',
  },
  words: cuda,
  on: {
    deviceDefault(fact, report, { facts, module }) {
      if (isForCuda(fact, module)) return;
      // Where the literal reaches an allocation, cuda-hardcoded-device says more.
      const isUsed = facts.facts.some(
        (other) => other.kind === 'deviceUse' && other.device.origin === fact.node,
      );
      if (isUsed) return;
      report({
        at: fact.node,
        message: `"cuda" is the default of ${fact.name}: on Apple Silicon it must always be named otherwise.`,
      });
    },
  },
};
