import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { cuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-bf16-probe',
    code: 'MPS118',
    severity: 'info',
    summary: 'bfloat16 is chosen by asking CUDA alone',
    since: '0.1.0',
    fix: 'none',
  },
  words: cuda,
  calls: (name) => name === 'torch.cuda.is_bf16_supported',
  on: {
    libraryCall(fact, report, { module }) {
      if (isForCuda(fact, module)) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message:
          'Is False on Apple Silicon, and raises in older versions: MPS has bfloat16 from torch 2.6 on.',
      });
    },
  },
};
