import type { Context } from './context.ts';
import { report } from './context.ts';
import type { SelectorFact } from './facts.ts';
import type { Value } from './values.ts';
import { asDevice } from './values.ts';

/** A device, the device index that transformers' pipeline takes, or the text of one as in YOLO. */
export const isCudaChoice = (value: Value): boolean => {
  const device = asDevice(value);
  return device !== null
    ? device.types.includes('cuda')
    : value.kind === 'constant' &&
        (value.value === '0' || (value.value === 0 && value.isFloat === false));
};

export const isCpuChoice = (value: Value): boolean => {
  const device = asDevice(value);
  return device !== null
    ? // A Mac has none of the other ones that branches may have chosen.
      device.types.includes('cpu') &&
        device.types.every((type) => type === 'cpu' || type === 'other')
    : value.kind === 'constant' && value.value === -1;
};

/** An expression chooses between CUDA, which is not there, and the CPU. */
export function reportChoice(
  context: Context,
  node: Exclude<SelectorFact['node'], { kind: 'if' }>,
  chosen: Value,
  dead: Value,
  asked: ReadonlySet<string>,
  by?: SelectorFact['by'],
): void {
  if (!isCudaChoice(dead) || !isCpuChoice(chosen)) return;
  report(context, {
    kind: 'selector',
    node,
    form: 'conditional',
    chosen,
    asked: chosen.choice?.asked ?? asked,
    ...(by === undefined ? {} : { by }),
    deadStatement: null,
  });
}
