import { asksForCudaDevice, asksForOtherDevice } from '../../semantics/deviceGates.ts';
import { isCaught } from '../../semantics/facts.ts';
import { isForCuda, isInTest } from '../cudaTests.ts';
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
    refusal(fact, report, { module }) {
      const { test } = fact.node;
      const isOfDevice = asksForCudaDevice(test) || asksForOtherDevice(test);
      if (isOfDevice && (isForCuda(fact, module) || isInTest(fact, module))) return;
      if (isCaught(fact, 'AssertionError') || isCaught(fact, 'RuntimeError')) return;
      report({
        at: test,
        message: isOfDevice
          ? 'Ends here for "mps", the GPU of a Mac: only "cuda" passes.'
          : 'Ends here on Apple Silicon: only CUDA is asked for, and MPS could do.',
      });
    },
  },
};
