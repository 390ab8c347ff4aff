import type { Expression } from '../syntax/tree.ts';
import { lazinessOf } from './laziness.ts';
import type { State } from './state.ts';
import type { DeviceType, Value } from './values.ts';

/** What can be said of a value without its identity. Absent facets are unknown (null). */
export interface ValueFacets {
  readonly kind: Value['kind'];
  /** Several where branches met. */
  readonly device: readonly DeviceType[] | null;
  readonly dtype: string | null;
  readonly shape: readonly number[] | null;
  /** Of an MLX array, or of the arrays in a container. */
  readonly laziness: 'lazy' | 'scheduled' | 'computed' | null;
  /** Canonical name of what a library has. */
  readonly name: string | null;
  readonly constant: string | number | boolean | null;
  /** The expression that made the value. */
  readonly origin: Expression | null;
  /** The literal or call that named the device. */
  readonly deviceOrigin: Expression | null;
  /** Backends that were asked for when the device was chosen. */
  readonly asked: ReadonlySet<string> | null;
  /** The MLX array, as trails number it. */
  readonly array: number | null;
}

export function facetsOf(value: Value, state: State): ValueFacets {
  const none: ValueFacets = {
    kind: value.kind,
    device: null,
    dtype: null,
    shape: null,
    laziness: null,
    name: null,
    constant: null,
    origin: value.origin ?? null,
    deviceOrigin: null,
    asked: value.choice?.asked ?? null,
    array: null,
  };
  switch (value.kind) {
    case 'constant': {
      // A device string that was chosen by asking backends is a device to whoever reads it.
      const chosen = value.choice === undefined ? null : deviceNamed(value.value);
      return chosen === null
        ? { ...none, constant: value.value }
        : { ...none, kind: 'device', device: [chosen], deviceOrigin: none.origin };
    }
    case 'library':
      return { ...none, name: value.name };
    case 'device':
      return { ...none, device: value.types, deviceOrigin: none.origin };
    case 'dtype':
      return { ...none, dtype: value.name };
    case 'tensor':
      return {
        ...none,
        device: value.device?.types ?? null,
        deviceOrigin: value.device?.origin ?? null,
        asked: value.device?.choice?.asked ?? null,
        dtype: value.dtype,
        shape: known(value.shape),
      };
    case 'ndarray':
      return { ...none, dtype: value.dtype };
    case 'mlxArray': {
      return {
        ...none,
        device: value.device === undefined ? null : [value.device],
        dtype: value.dtype,
        laziness: knownLaziness(state, value),
        shape: known(value.shape),
        array: value.alternatives === undefined ? value.id : null,
      };
    }
    case 'sequence':
    case 'dict':
      return { ...none, laziness: knownLaziness(state, value) };
    case 'torchModule':
    case 'instance': {
      const device = state.modules.get(value.id) ?? null;
      const isModule =
        value.kind === 'torchModule' || value.class.libraryBases.includes('torch.nn.Module');
      return {
        ...none,
        kind: isModule ? 'torchModule' : value.kind,
        device: device?.types ?? null,
        deviceOrigin: device?.origin ?? null,
        asked: device?.choice?.asked ?? null,
      };
    }
    default:
      return none;
  }
}

/** A shape whose sizes are all known. */
const known = (shape: readonly (number | null)[] | undefined): readonly number[] | null =>
  shape === undefined || shape.includes(null) ? null : (shape as readonly number[]);
function knownLaziness(state: State, value: Value): ValueFacets['laziness'] {
  const laziness = lazinessOf(state, value);
  return laziness === 'unknown' ? null : laziness;
}

const deviceNamed = (value: string | number | boolean | null): DeviceType | null =>
  value === 'cpu' || value === 'mps' || value === 'cuda' ? value : null;

/** What both say; null when they are not even of one kind. */
export function agreement(a: ValueFacets, b: ValueFacets): ValueFacets | null {
  if (a.kind !== b.kind) return null;
  const same = <T>(left: T, right: T): T | null => (left === right ? left : null);
  const sameList = <T>(
    left: readonly T[] | null,
    right: readonly T[] | null,
  ): readonly T[] | null => (left !== null && left.join() === right?.join() ? left : null);
  return {
    kind: a.kind,
    device: sameList(a.device, b.device),
    dtype: same(a.dtype, b.dtype),
    shape: sameList(a.shape, b.shape),
    laziness: same(a.laziness, b.laziness),
    name: same(a.name, b.name),
    constant: same(a.constant, b.constant),
    origin: same(a.origin, b.origin),
    deviceOrigin: same(a.deviceOrigin, b.deviceOrigin),
    asked: a.asked !== null && [...a.asked].join() === [...(b.asked ?? [])].join() ? a.asked : null,
    array: same(a.array, b.array),
  };
}
