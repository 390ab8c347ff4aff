import type {
  ClassStatement,
  Expression,
  FunctionStatement,
  LambdaExpression,
} from '../syntax/tree.ts';

export type DeviceType = 'cpu' | 'mps' | 'cuda' | 'other';

/** How a value was chosen: which backends were asked for on the way, never which were forgotten. */
export interface Choice {
  readonly asked: ReadonlySet<string>;
}

/** What every value may remember. Absent facts are unknown. */
interface Provenance {
  /** The expression that made the value. */
  readonly origin?: Expression;
  readonly choice?: Choice;
}

/** A known set of device types; several when branches joined. */
export interface Device {
  readonly types: readonly DeviceType[];
  /** The literal or call that named the device. */
  readonly origin?: Expression;
  readonly choice?: Choice;
}

export interface UnknownValue extends Provenance {
  readonly kind: 'unknown';
}
export interface ConstantValue extends Provenance {
  readonly kind: 'constant';
  readonly value: string | number | boolean | null;
  /** Only for numbers written with a point or exponent. */
  readonly isFloat?: boolean;
}
export interface SequenceValue extends Provenance {
  readonly kind: 'sequence';
  readonly form: 'tuple' | 'list' | 'set';
  readonly elements: readonly Value[];
}
export interface DictValue extends Provenance {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, Value>;
}
/** A module, class, function or constant of a library by its canonical dotted name. */
export interface LibraryValue extends Provenance {
  readonly kind: 'library';
  readonly name: string;
}
export interface FunctionValue extends Provenance {
  readonly kind: 'function';
  readonly node: FunctionStatement | LambdaExpression;
  /** Scope instances from the defining one outwards. */
  readonly scopes: readonly number[];
  readonly self?: Value;
}
export interface ClassValue extends Provenance {
  readonly kind: 'class';
  readonly node: ClassStatement;
  readonly scopes: readonly number[];
  /** Canonical names of the library classes among the bases, transitively. */
  readonly libraryBases: readonly string[];
  readonly members: ReadonlyMap<string, Value>;
}
/** An object of a class of this file; its attributes live in the state under `id`. */
export interface InstanceValue extends Provenance {
  readonly kind: 'instance';
  readonly class: ClassValue;
  readonly id: number;
}
export interface DeviceValue extends Provenance {
  readonly kind: 'device';
  readonly types: readonly DeviceType[];
}
export interface DtypeValue extends Provenance {
  readonly kind: 'dtype';
  readonly framework: 'torch' | 'numpy' | 'mlx';
  readonly name: string;
}
export interface TensorValue extends Provenance {
  readonly kind: 'tensor';
  /** null: unknown. */
  readonly device: Device | null;
  readonly dtype: string | null;
  /** Sizes where they are literal. */
  readonly shape?: readonly number[];
  /** True when the data came from NumPy, whose default is float64. */
  readonly fromNumpy?: boolean;
}
/** A torch.nn.Module; its device lives in the state under `id`. */
export interface TorchModuleValue extends Provenance {
  readonly kind: 'torchModule';
  readonly id: number;
}
export interface NdarrayValue extends Provenance {
  readonly kind: 'ndarray';
  readonly dtype: string | null;
}
/** Whether it was evaluated lives in the state under `id`. */
export interface MlxArrayValue extends Provenance {
  readonly kind: 'mlxArray';
  readonly id: number;
  readonly dtype: string | null;
}
export interface MlxModuleValue extends Provenance {
  readonly kind: 'mlxModule';
}
/** An object of a library class that a call of the class made. */
export interface ObjectValue extends Provenance {
  readonly kind: 'object';
  /** Canonical name, such as torch.utils.data.DataLoader. */
  readonly class: string;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}
/** A reading of a clock: event number `reading` of the trail. */
export interface ClockValue extends Provenance {
  readonly kind: 'clock';
  readonly reading: number;
}

export type Value =
  | UnknownValue
  | ConstantValue
  | SequenceValue
  | DictValue
  | LibraryValue
  | FunctionValue
  | ClassValue
  | InstanceValue
  | DeviceValue
  | DtypeValue
  | TensorValue
  | TorchModuleValue
  | NdarrayValue
  | MlxArrayValue
  | MlxModuleValue
  | ObjectValue
  | ClockValue;

export const unknown: UnknownValue = { kind: 'unknown' };

export const constant = (value: ConstantValue['value'], origin?: Expression): ConstantValue =>
  origin === undefined ? { kind: 'constant', value } : { kind: 'constant', value, origin };

/** A device string as torch reads it: "cuda", "cuda:1", "mps", "cpu", "xpu:0". */
const devicePattern = /^(cpu|mps|cuda|xpu|xla|hpu|npu|meta|hip|mtia|privateuseone)(:\d+)?$/;

/** The device type that a string names; null when it names none. */
export function deviceTypeOf(text: string): DeviceType | null {
  const type = devicePattern.exec(text)?.[1];
  if (type === undefined) return null;
  return type === 'cpu' || type === 'mps' || type === 'cuda' ? type : 'other';
}

/** A value read as a device argument; null when it is not known to be one. */
export function asDevice(value: Value): Device | null {
  if (value.kind === 'device') return value;
  if (value.kind === 'constant' && typeof value.value === 'string') {
    const type = deviceTypeOf(value.value);
    return type === null ? null : { ...provenance(value), types: [type] };
  }
  return null;
}

export function provenance(value: Value): {
  origin?: Expression;
  choice?: Choice;
} {
  const kept: { origin?: Expression; choice?: Choice } = {};
  if (value.origin !== undefined) kept.origin = value.origin;
  if (value.choice !== undefined) kept.choice = value.choice;
  return kept;
}

/** Is it certain that the device is `type`? */
export const isCertainly = (device: Device | null, type: DeviceType): boolean =>
  device !== null && device.types.length === 1 && device.types[0] === type;

/**
 * A module, class or function, and not a constant: what other packages define may be anything
 * (`from config import use_cuda`), and so may what is written in capitals (`TEST_CUDA`).
 */
export const isLibraryObject = ({ name }: LibraryValue): boolean =>
  /^(?:torch|numpy|mlx|builtins)(?:\.|$)/.test(name) && !/\.[A-Z0-9_]+$/.test(name);

/** True, false, or null when it cannot be told. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'sequence':
      return value.elements.length > 0;
    case 'library':
      return isLibraryObject(value) ? true : null;
    case 'function':
    case 'class':
    case 'device':
    case 'dtype':
      return true;
    default:
      return null;
  }
}

export function withChoice<V extends Value>(value: V, asked: ReadonlySet<string>): V {
  if (asked.size === 0) return value;
  return { ...value, choice: { asked: union(value.choice?.asked, asked) } };
}

export function union(
  left: ReadonlySet<string> | undefined,
  right: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  return new Set([...(left ?? []), ...(right ?? [])]);
}

const sameConstant = (a: ConstantValue, b: ConstantValue): boolean =>
  a.value === b.value && a.origin === b.origin;

/** The only way in which two values meet: what differs becomes unknown, facet by facet. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  const merged = mergedProvenance(a, b);
  const left = asDevice(a);
  const right = asDevice(b);
  if (
    left !== null &&
    right !== null &&
    !(a.kind === 'constant' && b.kind === 'constant' && sameConstant(a, b))
  ) {
    return { kind: 'device', types: joinTypes(left.types, right.types), ...merged };
  }
  switch (a.kind) {
    case 'constant':
      return b.kind === 'constant' && a.value === b.value ? { ...a, ...merged } : unknown;
    case 'library':
      return b.kind === 'library' && a.name === b.name ? a : unknown;
    case 'tensor':
      return b.kind === 'tensor'
        ? {
            kind: 'tensor',
            device: joinDevices(a.device, b.device),
            dtype: a.dtype === b.dtype ? a.dtype : null,
            ...(a.fromNumpy && b.fromNumpy ? { fromNumpy: true } : {}),
            ...merged,
          }
        : unknown;
    case 'ndarray':
      return b.kind === 'ndarray'
        ? { kind: 'ndarray', dtype: a.dtype === b.dtype ? a.dtype : null }
        : unknown;
    case 'mlxArray':
      return b.kind === 'mlxArray' && a.id === b.id ? a : unknown;
    case 'torchModule':
      return b.kind === 'torchModule' && a.id === b.id ? a : unknown;
    case 'instance':
      return b.kind === 'instance' && a.id === b.id ? a : unknown;
    case 'mlxModule':
      return b.kind === 'mlxModule' ? a : unknown;
    case 'dtype':
      return b.kind === 'dtype' && a.name === b.name && a.framework === b.framework ? a : unknown;
    case 'function':
    case 'class':
      return (b.kind === 'function' || b.kind === 'class') && a.node === b.node ? a : unknown;
    case 'sequence':
      return b.kind === 'sequence' && a.form === b.form && a.elements.length === b.elements.length
        ? { ...a, elements: a.elements.map((element, i) => join(element, b.elements[i] as Value)) }
        : unknown;
    case 'object':
      return b.kind === 'object' && a.origin === b.origin ? a : unknown;
    case 'clock':
      return b.kind === 'clock' && a.reading === b.reading ? a : unknown;
    case 'unknown':
    case 'dict':
    case 'device':
      return unknown;
  }
}

function mergedProvenance(a: Value, b: Value): { origin?: Expression; choice?: Choice } {
  const merged: { origin?: Expression; choice?: Choice } = {};
  if (a.origin !== undefined && a.origin === b.origin) merged.origin = a.origin;
  if (a.choice || b.choice) merged.choice = { asked: union(a.choice?.asked, b.choice?.asked) };
  return merged;
}

const joinTypes = (a: readonly DeviceType[], b: readonly DeviceType[]): DeviceType[] =>
  [...new Set([...a, ...b])].sort();

export function joinDevices(a: Device | null, b: Device | null): Device | null {
  if (a === null || b === null) return null;
  if (a === b) return a;
  const joined: { -readonly [K in keyof Device]: Device[K] } = {
    types: joinTypes(a.types, b.types),
  };
  if (a.origin !== undefined && a.origin === b.origin) joined.origin = a.origin;
  if (a.choice || b.choice) joined.choice = { asked: union(a.choice?.asked, b.choice?.asked) };
  return joined;
}
