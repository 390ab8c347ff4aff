import { silentCudaFunctions } from '../../tables/cudaFunctions.ts';
import { isForCuda } from '../cudaTests.ts';
import { looksAfterMpsMemory } from '../mpsMemory.ts';
import type { Rule } from '../rule.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-only-cache-clear',
    code: 'MPS501',
    severity: 'info',
    summary: 'Memory is freed or read on CUDA only',
    since: '0.1.0',
    fix: 'none',
  },
  words: backends,
  besides: besideCuda,
  on: {
    libraryCall(fact, report, { facts, module }) {
      const instead = silentCudaFunctions.get(fact.name);
      if (instead === undefined || isForCuda(fact, module)) return;
      if (looksAfterMpsMemory(fact, facts)) return;
      const does = fact.name.endsWith('empty_cache') ? 'Does nothing' : 'Is always 0';
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: `${does} on Apple Silicon: for MPS it is ${instead}.`,
      });
    },
  },
};
