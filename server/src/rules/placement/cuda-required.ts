import { isCaught } from '../../semantics/facts.ts';
import type { Rule } from '../rule.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-required',
    code: 'MPS106',
    severity: 'info',
    summary: 'The program refuses to run without CUDA',
    since: '0.1.0',
    fix: 'none',
  },
  words: backends,
  besides: besideCuda,
  on: {
    refusal(fact, report) {
      if (isCaught(fact, 'AssertionError') || isCaught(fact, 'RuntimeError')) return;
      report({
        at: fact.node.test,
        message: 'Ends here on Apple Silicon: only CUDA is asked for, and MPS could do.',
      });
    },
  },
};
