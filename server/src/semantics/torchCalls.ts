import type { CallExpression, Expression } from '../syntax/tree.ts';
import {
  castMethods,
  metadataMethods,
  operationNamespaces,
  readingMethods,
  torchConverters,
  torchFactories,
  torchLike,
  torchNonOperations,
  torchSynchronizers,
} from '../tables/torchFunctions.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, happen, report } from './context.ts';
import { dtypeNamed, dtypeOfData } from './dtypes.ts';
import { readTensor, unmodelled, work } from './effects.ts';
import type { DeviceUseFact } from './facts.ts';
import { asksForCuda } from './stringTests.ts';
import type { Device, TensorValue, Value } from './values.ts';
import { asDevice, constant, isCertainly, joinDevices, unknown } from './values.ts';

export function useDevice(
  context: Context,
  node: CallExpression,
  device: Device,
  how: DeviceUseFact['how'],
  expression: Expression | null,
): void {
  report(context, { kind: 'deviceUse', node, device, how, expression });
}

/** Functions of `torch.` by canonical name. */
export function callTorch(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (torchSynchronizers.has(name)) {
    happen(context, { kind: 'sync', node });
    return unknown;
  }
  if (name === 'torch.device') return makeDevice(args, node);
  if (name === 'torch.accelerator.current_accelerator') {
    context.ask('accelerator');
    return {
      kind: 'device',
      types: ['mps'],
      origin: node,
      choice: { asked: new Set(['accelerator']) },
    };
  }
  if (name === 'torch.set_default_device') return setDefaultDevice(context, args, node);
  if (name === 'torch.set_default_dtype' || name === 'torch.no_grad') return unknown;
  const short = name.slice('torch.'.length);
  if (torchFactories.has(short) || torchConverters.has(short))
    return makeTensor(context, short, args, node);
  if (torchLike.has(short)) {
    const like = args.positional[0];
    return like?.kind === 'tensor'
      ? { ...like, origin: node }
      : { kind: 'tensor', device: null, dtype: null };
  }
  if (name === 'torch.jit.script' || name === 'torch.compile') return args.positional[0] ?? unknown;
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (name.startsWith('torch.nn.') && /^[A-Z]/.test(last)) return makeModule(context, args, node);
  const namespace = name.slice(0, name.lastIndexOf('.'));
  if (
    operationNamespaces.includes(namespace) &&
    /^[a-z]/.test(last) &&
    !torchNonOperations.has(last)
  ) {
    return operate(context, allValues(args), node);
  }
  if (namespace !== 'torch' || !torchNonOperations.has(last))
    unmodelled(context, allValues(args), node);
  return unknown;
}

function makeDevice(args: CallArguments, node: CallExpression): Value {
  const [first, second] = args.positional;
  const type = first ?? args.keywords.get('type')?.value;
  const device = type === undefined ? null : asDevice(type);
  if (device === null) return unknown;
  // The literal inside is what a fix replaces, unless an index stands beside it.
  const origin = second === undefined && args.keywords.size === 0 ? (device.origin ?? node) : node;
  return { kind: 'device', ...device, origin };
}

function setDefaultDevice(context: Context, args: CallArguments, node: CallExpression): Value {
  const value = args.positional[0];
  const device = value === undefined ? null : asDevice(value);
  if (context.state !== null) context.state.defaultDevice = device;
  if (device !== null)
    useDevice(context, node, device, 'argument', args.positionalNodes[0] ?? null);
  return unknown;
}

function makeTensor(
  context: Context,
  short: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const state = context.state;
  if (state === null) return unknown;
  const deviceArgument = args.keywords.get('device');
  const dtypeArgument = args.keywords.get('dtype');
  const data = torchConverters.has(short)
    ? (args.positional[0] ?? args.keywords.get('data')?.value)
    : undefined;
  const fromNumpy = data?.kind === 'ndarray';
  let device: Device | null =
    deviceArgument !== undefined
      ? asDevice(deviceArgument.value)
      : data?.kind === 'tensor'
        ? data.device
        : short === 'from_numpy'
          ? { types: ['cpu'] }
          : state.defaultDevice;
  if (args.open && deviceArgument === undefined) device = null;
  const factoryDtype = torchFactories.get(short);
  const dtype = dtypeArgument
    ? dtypeNamed(dtypeArgument.value, 'torch')
    : args.open
      ? null
      : data !== undefined
        ? dtypeOfData(data)
        : factoryDtype === 'default'
          ? 'float32'
          : (factoryDtype ?? null);
  if (device !== null) {
    report(context, {
      kind: 'transfer',
      node,
      device,
      value: data ?? unknown,
      dtype,
      dtypeExpression: dtypeArgument?.node ?? null,
      how: data === undefined ? 'create' : 'convert',
    });
  }
  work(context, device, node);
  const shape = data === undefined ? literalShape(short, args) : null;
  return {
    kind: 'tensor',
    device,
    dtype,
    origin: node,
    ...(shape === null ? {} : { shape }),
    ...(fromNumpy ? { fromNumpy } : {}),
  };
}

/** Factories whose positional arguments are sizes. */
const sizedFactories = new Set(['zeros', 'ones', 'empty', 'rand', 'randn']);

/** `torch.randn(1, 3, 7, 7)` and `torch.randn((1, 3, 7, 7))`; null when a size is not literal. */
function literalShape(short: string, args: CallArguments): number[] | null {
  if (!sizedFactories.has(short) || args.open) return null;
  const [first] = args.positional;
  const sizes = first?.kind === 'sequence' ? first.elements : args.positional;
  const shape = sizes.flatMap((size) =>
    size.kind === 'constant' && typeof size.value === 'number' ? [size.value] : [],
  );
  return shape.length === sizes.length && shape.length > 0 ? shape : null;
}

function makeModule(context: Context, args: CallArguments, node: CallExpression): Value {
  const id = context.newId();
  const device = args.keywords.get('device');
  context.state?.modules.set(
    id,
    device === undefined ? (context.state.defaultDevice ?? null) : asDevice(device.value),
  );
  // A container is where its parts are; parts given as arguments are moved with it.
  return { kind: 'torchModule', id, origin: node };
}

/** An operation on tensors: enqueued on their device. */
function operate(context: Context, values: readonly Value[], node: CallExpression): Value {
  const tensors = values.flatMap((value) =>
    value.kind === 'tensor'
      ? [value]
      : value.kind === 'sequence'
        ? value.elements.filter((e) => e.kind === 'tensor')
        : [],
  );
  const [first] = tensors;
  if (first === undefined) {
    if (values.some((value) => value.kind === 'unknown'))
      return { kind: 'tensor', device: null, dtype: null, origin: node };
    return unknown;
  }
  const device = tensors.reduce<Device | null>(
    (known, tensor) => joinDevices(known, tensor.device),
    first.device,
  );
  work(context, device, node);
  const dtype = tensors.every((tensor) => tensor.dtype === first.dtype) ? first.dtype : null;
  return { kind: 'tensor', device, dtype: dtype?.startsWith('float') ? dtype : null, origin: node };
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
  const dtype = target.dtype ?? tensor.dtype;
  if (target.device === 'same') return { ...tensor, dtype, origin: node };
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

interface MoveTarget {
  readonly device: Device | null | 'same';
  readonly expression: Expression | null;
  readonly dtype: string | null;
  readonly dtypeExpression: Expression | null;
}

/** What `.to(…)`, `.cuda(…)` and `.mps()` ask for. */
function moveTarget(name: string, args: CallArguments, node: CallExpression): MoveTarget {
  if (name === 'cuda' || name === 'mps') {
    return {
      device: { types: [name], origin: node },
      expression: null,
      dtype: null,
      dtypeExpression: null,
    };
  }
  const given = [
    ...args.positional.map((value, i) => ({ value, node: args.positionalNodes[i] as Expression })),
    ...['device', 'dtype', 'other'].flatMap((key) => {
      const keyword = args.keywords.get(key);
      return keyword ? [keyword] : [];
    }),
  ];
  let device: Device | null | 'same' = args.open ? null : 'same';
  let expression: Expression | null = null;
  let dtype: string | null = null;
  let dtypeExpression: Expression | null = null;
  for (const { value, node: argument } of given) {
    const asked = asDevice(value);
    if (asked !== null) {
      device = asked;
      expression = argument;
    } else if (value.kind === 'dtype') {
      dtype = value.name;
      dtypeExpression = argument;
    } else if (value.kind === 'tensor') {
      device = value.device;
    } else if (!(value.kind === 'constant' && typeof value.value === 'boolean')) {
      device = null;
    }
  }
  return { device, expression, dtype, dtypeExpression };
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
      state.modules.set(id, target.device);
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
    state.modules.set(id, { types: ['cpu'] });
    return module;
  }
  if (
    ['eval', 'train', 'half', 'float', 'double', 'requires_grad_', 'compile', 'bfloat16'].includes(
      name,
    )
  )
    return module;
  if (
    [
      'parameters',
      'named_parameters',
      'state_dict',
      'load_state_dict',
      'zero_grad',
      'modules',
    ].includes(name)
  )
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

/** A method of something unknown. Only torch objects have `.cuda()` and `.to("cuda")`. */
export function callUnknownMethod(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (asksForCuda(name, args)) return constant(false, node);
  if (
    name === 'cuda' &&
    context.state?.loaded.has('torch') &&
    args.positional.every((value) => value.kind !== 'dict')
  ) {
    const target = moveTarget('cuda', args, node);
    if (target.device !== null && target.device !== 'same')
      useDevice(context, node, target.device, 'cudaMethod', null);
    return unknown;
  }
  if ((name === 'to' || name === 'to_empty') && context.state?.loaded.has('torch')) {
    const target = moveTarget('to', args, node);
    if (target.device !== null && target.device !== 'same') {
      useDevice(context, node, target.device, 'toMethod', target.expression);
      return unknown;
    }
  }
  unmodelled(context, allValues(args), node);
  return unknown;
}
