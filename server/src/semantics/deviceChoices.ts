import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { report } from './context.ts';
import type { SelectorFact } from './facts.ts';
import type { Device, Value } from './values.ts';
import { asDevice } from './values.ts';

/** `f"cuda:{i}"` of `[f"cuda:{i}" for i in range(torch.cuda.device_count())]`, of which a Mac has none. */
export const eachOf = (node: Expression): Expression =>
  node.kind === 'comprehension' && node.value === null ? node.element : node;

/** A device, or devices of one kind: `["cuda:0", "cuda:1"]`. */
export function chosenDevice(value: Value): Device | null {
  if (value.kind !== 'sequence') return asDevice(value);
  const [first, ...others] = value.elements.map(asDevice);
  if (first === undefined || first === null) return null;
  const isAlike = others.every((other) => `${other?.types}` === `${first.types}`);
  return isAlike ? first : null;
}

/** A device, the device index that transformers' pipeline takes, or the text of one as in YOLO. */
export const isCudaChoice = (value: Value): boolean => {
  const device = chosenDevice(value);
  return device !== null
    ? device.types.includes('cuda')
    : value.kind === 'constant' &&
        (value.value === '0' || (value.value === 0 && value.isFloat === false));
};

export const isCpuChoice = (value: Value): boolean => {
  const device = chosenDevice(value);
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
  const isOfGpu = isCudaChoice(dead) || (isUnseen(dead) && namesGpu(node, chosen));
  if (!isOfGpu || !isCpuChoice(chosen)) return;
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

/** Of another package. */
const isUnseen = ({ kind }: Value): boolean => kind === 'unknown' || kind === 'library';

/** `free_gpu() if torch.cuda.is_available() else "cpu"`: what it is that CUDA machines get, its name says; not the name of a GPU. */
function namesGpu(node: Expression, chosen: Value): boolean {
  if (node.kind !== 'conditional' || asDevice(chosen) === null) return false;
  const name = [node.body, node.orElse].map(nameOf).find((each) => each !== null) ?? '';
  return /gpu|cuda|device/i.test(name) && !/name|info|prop|count/i.test(name);
}

function nameOf(node: Expression): string | null {
  if (node.kind === 'call') return nameOf(node.callee);
  if (node.kind === 'name') return node.id;
  return node.kind === 'attribute' ? node.name.text : null;
}
