import type {
  ClassStatement,
  Expression,
  FunctionStatement,
  LambdaExpression,
} from '../syntax/tree.ts';
import type { SourceModule } from './moduleSource.ts';

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
  /** The elements that it was written with. */
  readonly elements: readonly Value[];
  /** Of what can grow: the state holds under `id` what was added since. */
  readonly id?: number;
}
export interface DictValue extends Provenance {
  readonly kind: 'dict';
  /** By key; values of keys that are not known have a key that no string is. */
  readonly entries: ReadonlyMap<string, Value>;
  /** The state holds under it what was added since. */
  readonly id?: number;
}
/** A module, class, function or constant of a library by its canonical dotted name. */
export interface LibraryValue extends Provenance {
  readonly kind: 'library';
  readonly name: string;
}
/** A module of the workspace; with a name, what is imported from it, which is looked up when it is used. */
export interface WorkspaceValue extends Provenance {
  readonly kind: 'workspace';
  readonly module: SourceModule;
  readonly name: string | null;
}
export interface FunctionValue extends Provenance {
  readonly kind: 'function';
  readonly node: FunctionStatement | LambdaExpression;
  /** The file that defines it. */
  readonly source: SourceModule;
  /** Scope instances from the defining one outwards. */
  readonly scopes: readonly number[];
  readonly self?: Value;
  /** What a decorator has made of it; absent: a plain function or method. */
  readonly binding?: 'static' | 'class' | 'property' | 'manager' | undefined;
}
/** A field of a dataclass with its default; null: it has none. */
export interface ClassField {
  readonly name: string;
  readonly value: Value | null;
}
export interface ClassValue extends Provenance {
  readonly kind: 'class';
  readonly node: ClassStatement;
  readonly scopes: readonly number[];
  /** Canonical names of the library classes among the bases, transitively. */
  readonly libraryBases: readonly string[];
  /** Classes among the bases. */
  readonly bases: readonly ClassValue[];
  readonly members: ReadonlyMap<string, Value>;
  /** Parameters of the `__init__` that a dataclass or NamedTuple generates. */
  readonly fields?: readonly ClassField[];
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
  /** Where branches joined: the arrays that it may be instead. */
  readonly alternatives?: readonly number[];
  readonly dtype: string | null;
  /** Sizes by axis, null where one is unknown; absent: not even their number is known. */
  readonly shape?: readonly (number | null)[];
}
/** An object of a class of mlx.nn. */
export interface MlxModuleValue extends Provenance {
  readonly kind: 'mlxModule';
  /** Canonical name, such as mlx.nn.Linear. */
  readonly class?: string;
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
  | WorkspaceValue
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

/** True, false, or null when it cannot be told. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'sequence':
      // A list may have grown since.
      return value.elements.length > 0 ? true : value.form === 'tuple' ? false : null;
    case 'library':
    case 'function':
    case 'class':
    case 'device':
    case 'dtype':
      return true;
    case 'workspace':
      return value.name === null ? true : null;
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
    case 'workspace':
      return b.kind === 'workspace' && a.module === b.module && a.name === b.name ? a : unknown;
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
      return b.kind === 'mlxArray' ? joinArrays(a, b, merged) : unknown;
    case 'torchModule':
      return b.kind === 'torchModule' && a.id === b.id ? a : unknown;
    case 'instance':
      return b.kind === 'instance' && a.id === b.id ? a : unknown;
    case 'mlxModule':
      if (b.kind !== 'mlxModule') return unknown;
      return a.class === b.class ? { ...a, ...merged } : { kind: 'mlxModule' };
    case 'dtype':
      return b.kind === 'dtype' && a.name === b.name && a.framework === b.framework ? a : unknown;
    case 'function':
    case 'class':
      return (b.kind === 'function' || b.kind === 'class') && a.node === b.node ? a : unknown;
    case 'sequence':
      return b.kind === 'sequence' && a.form === b.form && a.elements.length === b.elements.length
        ? {
            kind: 'sequence',
            form: a.form,
            elements: a.elements.map((element, i) => join(element, b.elements[i] as Value)),
            ...(a.id !== undefined && a.id === b.id ? { id: a.id } : {}),
            ...merged,
          }
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

/** The value after any number of rounds of a loop: numbers and sizes that grow are unknown. */
export function widened(first: Value, second: Value): Value {
  if (first.kind === 'constant' && second.kind === 'constant')
    return first.value === second.value || typeof second.value !== 'number' ? second : unknown;
  if (first.kind !== 'mlxArray' || second.kind !== 'mlxArray') return second;
  const { shape, ...rest } = second;
  const joined = joinShapes(first.shape, shape);
  const dtype = first.dtype === second.dtype ? second.dtype : null;
  return joined === undefined ? { ...rest, dtype } : { ...rest, dtype, shape: joined };
}

type Shape = MlxArrayValue['shape'];

/** Sizes that differ are unknown. */
function joinShapes(a: Shape, b: Shape): Shape {
  if (a === undefined || b === undefined || a.length !== b.length) return undefined;
  return a.map((size, i) => (size === b[i] ? size : null));
}

/** The arrays that a value may be; one where no branches joined. */
export const arrayIds = (value: MlxArrayValue): readonly number[] =>
  value.alternatives === undefined ? [value.id] : [value.id, ...value.alternatives];

function joinArrays(a: MlxArrayValue, b: MlxArrayValue, merged: Provenance): MlxArrayValue {
  const [id = a.id, ...alternatives] = new Set([...arrayIds(a), ...arrayIds(b)]);
  const shape = joinShapes(a.shape, b.shape);
  return {
    kind: 'mlxArray',
    id,
    dtype: a.dtype === b.dtype ? a.dtype : null,
    ...(shape === undefined ? {} : { shape }),
    ...(alternatives.length > 0 ? { alternatives } : {}),
    ...merged,
  };
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
