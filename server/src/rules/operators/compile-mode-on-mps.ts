import { isForCuda } from '../cudaTests.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'compile-mode-on-mps',
    code: 'MPS605',
    severity: 'warning',
    summary: 'torch.compile is asked for what it does not do on MPS',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  besides: [{ words: /^compile$/, needed: macDevice }],
  calls: (name) => name === 'torch.compile',
  on: {
    libraryCall(fact, report, { facts, environment, module }) {
      if (!usesMps(facts) || isForCuda(fact, module)) return;
      const installed = environment.versions.torch;
      const at = { start: fact.node.callee.start, end: fact.node.end };
      if (isBefore(installed, '2.7')) {
        report({
          at,
          message: `torch ${installed} cannot compile for MPS: 2.7 is the first that can.`,
        });
        return;
      }
      const backend = fact.keywords.get('backend');
      const mode = fact.keywords.get('mode');
      if (backend?.kind === 'constant' && cudaBackends.has(String(backend.value)))
        report({
          at,
          message: `The backend "${backend.value}" needs CUDA: this raises on Apple Silicon.`,
        });
      else if (mode?.kind === 'constant' && mode.value === 'max-autotune') {
        report({
          at,
          severity: 'info',
          message:
            'There is nothing to tune on MPS: the mode prints "Not enough SMs" and compiles as usual.',
        });
      }
    },
  },
};

const cudaBackends = new Set(['cudagraphs', 'tensorrt', 'torch_tensorrt']);
