import type { Expression } from '../syntax/tree.ts';
import type { CallArguments, Context } from './context.ts';
import { report } from './context.ts';
import type { Device, Value } from './values.ts';

/** Where a Mac runs MLX operations when nothing is said. */
const mlxGpu: Device = { types: ['mps'] };
const cpu: Device = { types: ['cpu'] };

/** Functions that return a stream on the device that is their first argument. */
const streamMakers = new Set([
  'mlx.core.new_stream',
  'mlx.core.new_thread_local_stream',
  'mlx.core.default_stream',
]);

/** The device that an argument called `stream` or `device` means; undefined: none is given; null: unknown. */
export function mlxDeviceOf(value: Value | undefined): Device | null | undefined {
  if (value === undefined || (value.kind === 'constant' && value.value === null)) return undefined;
  if (value.kind === 'library' && value.name === 'mlx.core.cpu') return cpu;
  if (value.kind === 'library' && value.name === 'mlx.core.gpu') return mlxGpu;
  if (value.kind !== 'object') return null;
  switch (value.class) {
    case 'mlx.core.Stream':
    case 'mlx.core.StreamContext':
    case 'mlx.core.Device':
      return mlxDeviceOf(value.positional[0]) ?? null;
    default:
      return null;
  }
}

/** The device that a call of MLX runs on. */
export function deviceOfCall(context: Context, args: CallArguments): Device | null {
  const given = mlxDeviceOf(args.keywords.get('stream')?.value);
  if (given !== undefined) return given;
  return args.open ? null : (context.state?.mlxDevice ?? null);
}

/** Streams and devices; null: the call is about something else. */
export function callStreamFunction(
  context: Context,
  name: string,
  args: CallArguments,
  node: Expression,
): Value | null {
  if (name === 'mlx.core.new_stream') context.streams.set(node, context.newId());
  const made = streamMakers.has(name)
    ? 'mlx.core.Stream'
    : name === 'mlx.core.stream'
      ? 'mlx.core.StreamContext'
      : name === 'mlx.core.Device'
        ? 'mlx.core.Device'
        : null;
  if (made !== null) {
    return {
      kind: 'object',
      class: made,
      positional: args.positional,
      keywords: new Map(),
      origin: node,
    };
  }
  const { state } = context;
  if (name === 'mlx.core.set_default_device' || name === 'mlx.core.set_default_stream') {
    if (state !== null) state.mlxDevice = mlxDeviceOf(args.positional[0]) ?? null;
    return { kind: 'constant', value: null };
  }
  return null;
}

/** `with mx.stream(mx.cpu):` */
export function enterStream(context: Context, manager: Value): void {
  if (manager.kind !== 'object' || manager.class !== 'mlx.core.StreamContext') return;
  if (context.state !== null) context.state.mlxDevice = mlxDeviceOf(manager) ?? null;
  const { thread } = context;
  const stream = manager.positional[0]?.origin;
  const made = stream === undefined ? undefined : context.streams.get(stream);
  if (thread === null || stream === undefined || made === undefined) return;
  if (made < thread.firstInnerId)
    report(context, {
      kind: 'foreignStream',
      node: manager.origin ?? stream,
      thread: thread.node,
      stream,
    });
}
