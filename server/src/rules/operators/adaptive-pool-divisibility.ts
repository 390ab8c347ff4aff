import type { Value } from '../../semantics/values.ts';
import { mpsDeviceOf, severityOn } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'adaptive-pool-divisibility',
    code: 'MPS603',
    severity: 'error',
    summary: 'Adaptive pooling is asked for a size that MPS cannot make',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  on: {
    libraryCall(fact, report) {
      if (fact.name !== 'torch.nn.functional.adaptive_avg_pool2d') return;
      const input = fact.positional[0];
      const size = sizesOf(fact.positional[1] ?? fact.keywords.get('output_size'));
      const device = mpsDeviceOf(input);
      if (input?.kind !== 'tensor' || input.shape === undefined || size === null || device === null)
        return;
      const given = input.shape.slice(-2);
      const wrong = given.some((length, i) => !divides(length, size[i] ?? size[0] ?? 1));
      if (!wrong) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: `MPS pools ${given.join(' x ')} to ${size.join(' x ')} only when the sizes divide: this raises RuntimeError.`,
        severity: severityOn(device),
      });
    },
  },
};

const divides = (length: number, size: number): boolean =>
  size === 1 || length % size === 0 || size % length === 0;

function sizesOf(value: Value | undefined): number[] | null {
  const values = value?.kind === 'sequence' ? value.elements : value === undefined ? [] : [value];
  const sizes = values.flatMap((size) =>
    size.kind === 'constant' && typeof size.value === 'number' ? [size.value] : [],
  );
  if (sizes.length === 0 || sizes.length !== values.length) return null;
  return sizes.length === 1 ? [sizes[0] as number, sizes[0] as number] : sizes;
}
