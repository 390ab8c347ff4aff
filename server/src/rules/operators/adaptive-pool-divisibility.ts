import type { Value } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { classOf } from '../moduleClass.ts';
import { mpsDeviceOf, severityOn } from '../mpsUse.ts';
import type { NewFinding, Rule } from '../rule.ts';
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
  calls: (name) => name === 'torch.nn.functional.adaptive_avg_pool2d',
  on: {
    libraryCall(fact, report) {
      const size = sizesOf(fact.positional[1] ?? fact.keywords.get('output_size'));
      const found = finding(fact.positional[0], size);
      if (found !== null)
        report({ ...found, at: { start: fact.node.callee.start, end: fact.node.end } });
    },
    moduleCall(fact, report) {
      if (classOf(fact.module) !== 'AdaptiveAvgPool2d' || fact.module.origin?.kind !== 'call')
        return;
      const found = finding(fact.positional[0], writtenSizes(fact.module.origin.args[0]?.value));
      if (found !== null) report({ ...found, at: fact.node });
    },
  },
};

function finding(
  input: Value | undefined,
  size: readonly number[] | null,
): Omit<NewFinding, 'at'> | null {
  const device = mpsDeviceOf(input);
  if (input?.kind !== 'tensor' || input.shape === undefined || size === null || device === null)
    return null;
  const given = input.shape.slice(-2);
  const wrong = given.some((length, i) => !divides(length, size[i] ?? size[0] ?? 1));
  return wrong
    ? {
        message: `MPS pools ${given.join(' x ')} to ${size.join(' x ')} only when the sizes divide: this raises RuntimeError.`,
        severity: severityOn(device),
      }
    : null;
}

/** The sizes that a module was made with, as they are written. */
function writtenSizes(node: Expression | undefined): number[] | null {
  if (node?.kind === 'number') return [node.value, node.value];
  if (node?.kind !== 'tuple') return null;
  const sizes = node.elements.flatMap((each) => (each.kind === 'number' ? [each.value] : []));
  return sizes.length === 2 ? sizes : null;
}

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
