import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-index-url',
    code: 'MPS709',
    severity: 'info',
    summary: 'torch is taken from an index of CUDA builds, which has none for macOS',
    since: '0.1.0',
    fix: 'none',
  },
  words: /^cu\d{2,3}$/,
  on: {
    cudaPackage(fact, report) {
      report({
        at: fact.node,
        message:
          fact.how === 'index'
            ? 'This index has builds for CUDA and none for macOS: on a Mac nothing is found there.'
            : 'Only the index of CUDA builds has this version, and none for macOS: on a Mac it is not found.',
      });
    },
  },
};
