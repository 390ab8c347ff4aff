import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-out-of-memory',
    code: 'MPS509',
    severity: 'info',
    summary: 'An error of CUDA is caught where MPS runs out of memory with another one',
    since: '0.1.0',
    fix: 'none',
  },
  words: /^OutOfMemoryError$|^CUDA out of memory/,
  on: {
    outOfMemory(fact, report, { module }) {
      if (isForCuda(fact, module)) return;
      report({
        at: fact.node,
        message:
          fact.node.kind === 'string'
            ? 'The error of MPS says "MPS backend out of memory": on Apple Silicon this is not found in it.'
            : 'MPS out of memory is a plain RuntimeError: on Apple Silicon it is not caught here.',
      });
    },
  },
};
