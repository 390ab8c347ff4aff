import type { LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { asDevice, isCertainly, truth } from '../../semantics/values.ts';
import { isForCuda, isInTest } from '../cudaTests.ts';
import { deviceSelector } from '../deviceSelector.ts';
import { replace } from '../edits.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';

const byDevice = new Set([
  'torch.autocast',
  'torch.amp.autocast',
  'torch.amp.autocast_mode.autocast',
]);
const cudaOnly = new Set(['torch.cuda.amp.autocast', 'torch.cuda.amp.autocast_mode.autocast']);

/** Why autocast does nothing on MPS although it is asked for there; null: it does. */
function refusal(
  { keywords }: LibraryCallFact,
  { environment: { versions } }: RuleContext,
): string | null {
  if (isBefore(versions.torch, '2.5'))
    return `torch ${versions.torch} has no autocast for MPS: this raises RuntimeError. 2.5 has it.`;
  const dtype = keywords.get('dtype');
  return dtype?.kind === 'dtype' && dtype.name === 'float32'
    ? 'Autocast on MPS takes float16 and bfloat16: with float32 it warns and is switched off.'
    : null;
}

export const rule: Rule = {
  meta: {
    name: 'autocast-cuda-literal',
    code: 'MPS104',
    severity: 'warning',
    summary: 'Autocast is asked for on CUDA, so a Mac computes in float32',
    since: '0.1.0',
    fix: 'unsafe',
  },
  on: {
    libraryCall(fact, report, context) {
      const isAutocast = cudaOnly.has(fact.name) || byDevice.has(fact.name);
      if (!isAutocast || isForCuda(fact, context.module)) return;
      // `enabled=use_amp and device == "cuda"`: switched off on purpose.
      const enabled =
        fact.keywords.get('enabled') ?? (cudaOnly.has(fact.name) ? fact.positional[0] : undefined);
      if (enabled !== undefined && truth(enabled) === false) return;
      const message =
        'Autocast for CUDA is switched off on Apple Silicon: this computes in float32.';
      const severity = isInTest(fact, context.module) ? 'info' : 'warning';
      if (cudaOnly.has(fact.name)) report({ at: fact.node.callee, severity, message });
      if (!byDevice.has(fact.name)) return;
      const value = fact.keywords.get('device_type') ?? fact.positional[0];
      const device = value === undefined ? null : asDevice(value);
      if (device !== null && isCertainly(device, 'mps')) {
        const refused = refusal(fact, context);
        if (refused !== null && !isCaught(fact, 'RuntimeError'))
          report({ at: device.origin ?? fact.node, severity, message: refused });
        return;
      }
      if (device === null || !isCertainly(device, 'cuda')) return;
      const at = device.origin ?? fact.node;
      const own = deviceSelector(context, at.start);
      report({
        at,
        severity,
        message,
        fixes:
          // Before 2.5 autocast refuses "mps".
          own?.existing === true &&
          device.origin?.kind === 'string' &&
          !isBefore(context.environment.versions.torch, '2.5')
            ? [fix(`Use ${own.name}.type`, 'unsafe', () => [replace(at, `${own.name}.type`)])]
            : [],
      });
    },
  },
};
