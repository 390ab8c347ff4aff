import type { CallExpression } from '../syntax/tree.ts';
import {
  operationNamespaces,
  torchConverters,
  torchFactories,
  torchLike,
  torchNonOperations,
  torchSynchronizers,
} from '../tables/torchFunctions.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, happen, report } from './context.ts';
import { dtypeNamed, dtypeOfData } from './dtypes.ts';
import { unmodelled, work } from './effects.ts';
import { joinDevices } from './joins.ts';
import { contentsOf } from './laziness.ts';
import { useDevice } from './torchMethods.ts';
import type { Device, Value } from './values.ts';
import { asDevice, isCertainly, unknown } from './values.ts';

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
  if (name === 'torch.set_default_dtype') {
    const [dtype] = args.positional;
    if (context.state !== null)
      context.state.defaultDtype = dtype === undefined ? null : dtypeNamed(dtype, 'torch');
    return unknown;
  }
  if (name === 'torch.no_grad') return unknown;
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
  if (last === 'Parameter' || last === 'Buffer') return parameterOf(args, node);
  if (name.startsWith('torch.nn.') && /^[A-Z]/.test(last))
    return makeModule(context, last, args, node);
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
  const fromNumpy = data?.kind === 'ndarray' && data.borrowed !== true;
  let device: Device | null =
    deviceArgument !== undefined
      ? asDevice(deviceArgument.value)
      : data?.kind === 'tensor'
        ? data.device
        : short === 'from_numpy'
          ? { types: ['cpu'] }
          : state.defaultDevice;
  if (args.open && deviceArgument === undefined) device = null;
  if (device !== null && device === state.defaultDevice && isCertainly(device, 'cuda'))
    useDevice(context, node, device, 'argument', null);
  const factoryDtype = torchFactories.get(short);
  const dtype = dtypeArgument
    ? dtypeNamed(dtypeArgument.value, 'torch')
    : args.open
      ? null
      : data !== undefined
        ? dtypeOfData(data)
        : factoryDtype === 'default'
          ? state.defaultDtype
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

/** `torch.randn(1, 3, 7, 7)` and `torch.randn((n, 3, 7, 7))`; null when no size is literal. */
function literalShape(short: string, args: CallArguments): (number | null)[] | null {
  if (!sizedFactories.has(short) || args.open) return null;
  const [first, ...others] = args.positional;
  // One value that is not known may be a tuple of sizes.
  if (first?.kind !== 'sequence' && first?.kind !== 'constant' && others.length === 0) return null;
  const sizes = first?.kind === 'sequence' ? first.elements : args.positional;
  const shape = sizes.map((size) =>
    size.kind === 'constant' && typeof size.value === 'number' ? size.value : null,
  );
  return shape.some((size) => size !== null) ? shape : null;
}

/** A tensor, where its data is. */
function parameterOf({ positional, keywords }: CallArguments, node: CallExpression): Value {
  const data = positional[0] ?? keywords.get('data')?.value;
  return data?.kind === 'tensor'
    ? { ...data, origin: node }
    : { kind: 'tensor', device: null, dtype: null, origin: node };
}

/** Classes of torch.nn without parameters. */
const stateless =
  /(?:Loss|Pool[123]d|Dropout\w*|ReLU6?|ELU|GELU|SiLU|Mish|Sigmoid|Tanh|Softmax|Softmin|Softplus|Softsign|Identity|Flatten|Unflatten|Upsample|Shrink)$/;

function makeModule(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const id = context.newId();
  const device = args.keywords.get('device');
  const ambient = context.state?.defaultDevice ?? null;
  if (
    device === undefined &&
    ambient !== null &&
    isCertainly(ambient, 'cuda') &&
    /^(?:Linear|Embedding|LSTM|GRU|\w*Conv|\w*Norm)/.test(name)
  )
    useDevice(context, node, ambient, 'argument', null);
  context.state?.modules.set(
    id,
    device === undefined ? (context.state.defaultDevice ?? null) : asDevice(device.value),
  );
  if (stateless.test(name)) {
    context.state?.modules.set(id, null);
    return { kind: 'torchModule', id, stateless: true, origin: node };
  }
  // A container is where its parts are; parts given as arguments are moved with it.
  return { kind: 'torchModule', id, origin: node };
}

/** An operation on tensors: enqueued on their device. */
export function operate(context: Context, values: readonly Value[], node: CallExpression): Value {
  const tensors = values.flatMap((value) =>
    value.kind === 'tensor'
      ? [value]
      : value.kind === 'sequence'
        ? contentsOf(context.state, value).filter((e) => e.kind === 'tensor')
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
