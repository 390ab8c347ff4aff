import { isCaught } from '../../semantics/facts.ts';
import { isBehindCudaOption, isInTest } from '../cudaTests.ts';
import { replace } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'nccl-backend',
    code: 'MPS701',
    severity: 'error',
    summary: 'Distributed training is started with NCCL, which needs CUDA',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /^nccl$/i,
  on: {
    libraryCall(fact, report, { facts, module }) {
      // Lightning's strategies hand it on under a longer name.
      const handedOn = fact.keywords.get('process_group_backend');
      if (fact.name !== 'torch.distributed.init_process_group' && handedOn === undefined) return;
      const backend = handedOn ?? fact.keywords.get('backend') ?? fact.positional[0];
      if (backend?.kind !== 'constant' || backend.value !== 'nccl') return;
      if (isCaught(fact, 'RuntimeError') || isCaught(fact, 'ValueError')) return;
      if (isBehindCudaOption(fact)) return;
      const torch = facts.localNames.get('torch')?.name;
      const at = backend.origin ?? fact.node;
      report({
        at,
        severity: isInTest(fact, module) ? 'info' : 'error',
        message:
          'NCCL needs CUDA: this raises "Distributed package doesn\'t have NCCL built in" on Apple Silicon.',
        fixes:
          backend.origin?.kind === 'string' && torch !== undefined
            ? [
                fix('Use gloo without CUDA', 'safe', () => [
                  replace(at, `"nccl" if ${torch}.cuda.is_available() else "gloo"`),
                ]),
              ]
            : [],
      });
    },
  },
};
