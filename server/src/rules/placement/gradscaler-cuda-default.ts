import type { LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import { isForCuda } from '../cudaTests.ts';
import { severityOn } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { isBefore } from '../versions.ts';

export const rule: Rule = {
  meta: {
    name: 'gradscaler-cuda-default',
    code: 'MPS111',
    severity: 'info',
    summary: 'A gradient scaler does nothing on a Mac, or raises there',
    since: '0.1.0',
    fix: 'none',
  },
  words: /GradScaler/,
  on: {
    libraryCall(fact, report, { module, environment }) {
      if (!scalers.has(fact.name) || isForCuda(fact, module)) return;
      const at = { start: fact.node.callee.start, end: fact.node.end };
      const enabled = fact.keywords.get('enabled');
      const isOn = enabled === undefined || (enabled.kind === 'constant' && enabled.value === true);
      // Who chooses `enabled` has thought of machines without CUDA.
      if (!isOn) return;
      if (scalesForCuda(fact)) {
        report({ at, message: 'Scales for CUDA: on Apple Silicon it warns and is switched off.' });
        return;
      }
      const given = deviceOf(fact);
      const device = given === undefined ? null : asDevice(given);
      const { torch } = environment.versions;
      // 2.6 was read, and 2.8, which computes in float32.
      if (device === null || !isCertainly(device, 'mps') || !isBefore(torch, '2.7')) return;
      if (isCaught(fact, 'TypeError')) return;
      report({
        at,
        message: `The scaler of torch ${torch} computes in float64, which does not exist on MPS: step() raises TypeError. 2.8 does not.`,
        severity: severityOn(device),
      });
    },
  },
};

const cudaScalers = ['torch.cuda.amp.GradScaler', 'torch.cuda.amp.grad_scaler.GradScaler'];

const scalers: ReadonlySet<string> = new Set([
  ...cudaScalers,
  'torch.amp.GradScaler',
  'torch.amp.grad_scaler.GradScaler',
  'torch.GradScaler',
]);

const deviceOf = ({ keywords, positional }: LibraryCallFact) =>
  keywords.get('device') ?? positional[0];

function scalesForCuda(fact: LibraryCallFact): boolean {
  if (cudaScalers.includes(fact.name)) return true;
  const device = deviceOf(fact);
  return device === undefined || isCertainly(asDevice(device), 'cuda');
}
