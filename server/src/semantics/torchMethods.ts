import type { CallExpression, Expression } from '../syntax/tree.ts';
import { castMethods, metadataMethods, readingMethods } from '../tables/torchFunctions.ts';
import { many } from './arrayBuiltins.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, isCatching, report, reportAtHome } from './context.ts';
import { reportOption } from './deviceDefaults.ts';
import { dtypeNamed } from './dtypes.ts';
import { moveModule, readTensor, unmodelled, work } from './effects.ts';
import type { DeviceUseFact } from './facts.ts';
import { placeless } from './origins.ts';
import { asksForCuda } from './stringTests.ts';
import type { Device, TensorValue, Value } from './values.ts';
import { asDevice, constant, isCertainly, unknown } from './values.ts';

export function useDevice(
  context: Context,
  node: CallExpression,
  device: Device,
  how: DeviceUseFact['how'],
  expression: Expression | null,
): void {
  const { departure } = context;
  if (departure === null) {
    report(context, { kind: 'deviceUse', node, device, how, expression });
    if (
      isCertainly(device, 'cuda') &&
      how !== 'packageArgument' &&
      isCatching(context, 'AssertionError')
    )
      context.state = null;
  } else if (
    device.origin !== undefined &&
    device.origin !== node &&
    departure.node.kind === 'call'
  ) {
    // A device that this file names goes to an allocation in another.
    reportAtHome(context, {
      kind: 'deviceUse',
      node: departure.node,
      device,
      how: 'argument',
      expression: device.origin,
    });
  }
}

export function callTensorMethod(
  context: Context,
  tensor: TensorValue,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (name === 'to' || name === 'cuda' || name === 'mps')
    return moveTensor(context, tensor, name, args, node);
  if (readingMethods.has(name)) {
    const asynchronous = args.keywords.has('non_blocking');
    if (asynchronous) unmodelled(context, [], node);
    else readTensor(context, tensor, node);
    if (name === 'cpu') return { ...tensor, device: { types: ['cpu'] }, origin: node };
    if (name === 'numpy') return { kind: 'ndarray', dtype: tensor.dtype, origin: node };
    return unknown;
  }
  const cast = castMethods.get(name);
  if (cast !== undefined) {
    work(context, tensor.device, node);
    return { ...tensor, dtype: cast, origin: node };
  }
  if (name === 'backward') {
    work(context, tensor.device, node);
    return unknown;
  }
  if (metadataMethods.has(name)) {
    const keeps = ![
      'size',
      'dim',
      'numel',
      'nelement',
      'stride',
      'data_ptr',
      'element_size',
    ].includes(name);
    return keeps ? { ...tensor, origin: node } : unknown;
  }
  work(context, tensor.device, node);
  return { kind: 'tensor', device: tensor.device, dtype: null, origin: node };
}

function moveTensor(
  context: Context,
  tensor: TensorValue,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const target = moveTarget(name, args, node);
  const dtype = target.dtype ?? (target.hasOtherDtype ? null : tensor.dtype);
  if (target.device === 'same') return { ...tensor, dtype, origin: node };
  // `x.to(other)`: the dtype changes on the way.
  if (target.isLike) {
    work(context, target.device, node);
    return { ...tensor, device: target.device, dtype: target.dtype, origin: node };
  }
  const { device } = target;
  if (device !== null) {
    useDevice(
      context,
      node,
      device,
      name === 'cuda' ? 'cudaMethod' : 'toMethod',
      target.expression,
    );
    report(context, {
      kind: 'transfer',
      node,
      device,
      value: tensor,
      dtype,
      dtypeExpression: target.dtypeExpression,
      how: 'move',
    });
    if (isCertainly(device, 'cpu')) readTensor(context, tensor, node);
  }
  work(context, device, node);
  return { ...tensor, device, dtype, origin: node };
}

/** `non_blocking` */
const isSwitch = (value: Value): boolean =>
  value.kind === 'constant' && typeof value.value === 'boolean';

const isNone = (value: Value): boolean => value.kind === 'constant' && value.value === null;

interface MoveTarget {
  readonly device: Device | null | 'same';
  readonly expression: Expression | null;
  readonly dtype: string | null;
  readonly dtypeExpression: Expression | null;
  /** A dtype is asked for, and it is not known which. */
  readonly hasOtherDtype: boolean;
  /** Both come from another tensor. */
  readonly isLike: boolean;
}

/** What `.to(…)`, `.cuda(…)` and `.mps()` ask for. */
function moveTarget(name: string, args: CallArguments, node: CallExpression): MoveTarget {
  if (name === 'cuda' || name === 'mps') {
    return {
      device: { types: [name], origin: node },
      expression: null,
      dtype: null,
      dtypeExpression: null,
      hasOtherDtype: false,
      isLike: false,
    };
  }
  // What comes after a device is a dtype, or whether to wait.
  const given = [
    ...args.positional.map((value, i) => ({
      value,
      node: args.positionalNodes[i] as Expression,
      mayPlace: i === 0,
    })),
    ...['device', 'dtype', 'other'].flatMap((key) => {
      const keyword = args.keywords.get(key);
      return keyword ? [{ ...keyword, mayPlace: key !== 'dtype' }] : [];
    }),
  ];
  let device: Device | null | 'same' = args.open ? null : 'same';
  let expression: Expression | null = null;
  let dtype: string | null = null;
  let dtypeExpression: Expression | null = null;
  let hasOtherDtype = false;
  let isLike = false;
  for (const { value, node: argument, mayPlace } of given) {
    const asked = asDevice(value);
    if (asked !== null) {
      device = asked;
      expression = argument;
    } else if (value.kind === 'dtype') {
      dtype = value.name;
      dtypeExpression = argument;
    } else if (value.kind === 'tensor') {
      device = value.device;
      dtype = value.dtype;
      isLike = true;
    } else if (mayPlace && !isSwitch(value)) {
      device = null;
    } else if (!isSwitch(value) && !isNone(value)) {
      hasOtherDtype = true;
    }
  }
  return { device, expression, dtype, dtypeExpression, hasOtherDtype, isLike };
}

export function callModuleMethod(
  context: Context,
  id: number,
  module: Value,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const state = context.state;
  if (state === null) return unknown;
  if (name === 'to' || name === 'cuda' || name === 'to_empty') {
    const target = moveTarget(name, args, node);
    if (target.device !== 'same') {
      const { device } = target;
      const foreign = context.departure !== null && device?.origin === node;
      moveModule(context, id, foreign ? placeless(device) : device);
      if (target.device !== null) {
        useDevice(
          context,
          node,
          target.device,
          name === 'cuda' ? 'cudaMethod' : 'toMethod',
          target.expression,
        );
      }
    }
    return module;
  }
  if (name === 'cpu') {
    moveModule(context, id, { types: ['cpu'] });
    return module;
  }
  if (
    ['eval', 'train', 'half', 'float', 'double', 'requires_grad_', 'compile', 'bfloat16'].includes(
      name,
    )
  )
    return module;
  if (name === 'parameters' || name === 'buffers') {
    const device = state.modules.get(id) ?? null;
    return many(context, { kind: 'tensor', device, dtype: null }, node);
  }
  if (['named_parameters', 'state_dict', 'load_state_dict', 'zero_grad', 'modules'].includes(name))
    return unknown;
  unmodelled(context, allValues(args), node);
  return unknown;
}

/** `model(x)`: work on the device of the model. */
export function callModule(
  context: Context,
  id: number,
  args: CallArguments,
  node: CallExpression,
): Value {
  const device = context.state?.modules.get(id) ?? null;
  if (device === null) unmodelled(context, allValues(args), node);
  else work(context, device, node);
  return { kind: 'tensor', device, dtype: null, origin: node };
}

/** Parameters of torch's own `.cuda()`: other objects' have others. */
const ofCuda: ReadonlySet<string> = new Set(['device', 'non_blocking', 'memory_format']);

/** Others whose objects have `.cuda()` or `.to("cuda")`. */
const rivals = ['paddle', 'jittor', 'oneflow', 'mindspore', 'tinygrad', 'chainer', 'dace'];

/** What another file makes (`from .models import build`) is torch's too, whoever has imported that. */
function isOfTorch({ state }: Context): boolean {
  return (
    state !== null && (state.loaded.has('torch') || !rivals.some((one) => state.loaded.has(one)))
  );
}

/** `weight.cuda(other.device)`: as bitsandbytes has it, where another one already is; not `self.device`. */
const isDeviceOfAnother = (node: Expression): boolean =>
  node.kind === 'attribute' &&
  node.name.text === 'device' &&
  node.object.kind === 'name' &&
  !/^(?:self|cls|args|opts?|options|cfg|config|params|flags)$/i.test(node.object.id);

/** A method of something unknown. Only torch objects have `.cuda()` and `.to("cuda")`. */
export function callUnknownMethod(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (asksForCuda(name, args)) return constant(false, node);
  reportOption(context, name, args, node);
  // Of NumPy or pandas: both are read as NumPy data.
  const dtype = name === 'astype' ? args.positional[0] : undefined;
  const isOfNumpy = dtype?.kind === 'dtype' && dtype.framework === 'numpy';
  if (dtype !== undefined && (isOfNumpy || dtype.kind === 'library')) {
    const named = dtypeNamed(dtype, 'numpy');
    if (named !== null) return { kind: 'ndarray', dtype: named, origin: node };
  }
  if (
    name === 'cuda' &&
    isOfTorch(context) &&
    args.positional.every((value) => value.kind !== 'dict') &&
    [...args.keywords.keys()].every((keyword) => ofCuda.has(keyword)) &&
    !node.args.some(({ value }) => isDeviceOfAnother(value))
  ) {
    const target = moveTarget('cuda', args, node);
    if (target.device !== null && target.device !== 'same')
      useDevice(context, node, target.device, 'cudaMethod', null);
    return unknown;
  }
  if ((name === 'to' || name === 'to_empty') && isOfTorch(context)) {
    const target = moveTarget('to', args, node);
    if (target.device !== null && target.device !== 'same') {
      useDevice(context, node, target.device, 'toMethod', target.expression);
      return unknown;
    }
  }
  unmodelled(context, allValues(args), node);
  return unknown;
}
