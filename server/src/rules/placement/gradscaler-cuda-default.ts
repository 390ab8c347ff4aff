import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'gradscaler-cuda-default',
    code: 'MPS111',
    severity: 'info',
    summary: 'A gradient scaler is made for CUDA, and is switched off on a Mac',
    since: '0.1.0',
    fix: 'none',
  },
  words: /GradScaler/,
  on: {
    libraryCall(fact, report, { module }) {
      const device = fact.keywords.get('device') ?? fact.positional[0];
      const asksForCuda =
        fact.name === 'torch.cuda.amp.GradScaler' ||
        (fact.name === 'torch.amp.GradScaler' &&
          (device === undefined || (device.kind === 'constant' && device.value === 'cuda')));
      const enabled = fact.keywords.get('enabled');
      // Who passes `enabled` has thought of machines without CUDA.
      if (!asksForCuda || enabled !== undefined || isForCuda(fact, module)) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: 'Scales for CUDA: on Apple Silicon it warns and is switched off.',
      });
    },
  },
};
