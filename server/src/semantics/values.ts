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
export interface Provenance {
  /** The expression that made the value. */
  readonly origin?: Expression;
  readonly choice?: Choice;
  /** What took it off the graph of an array that is differentiated: `x.item()`. */
  readonly fromHost?: Expression;
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
  /** Sizes by axis, null where one is not literal. */
  readonly shape?: readonly (number | null)[];
  /** True when the data came from NumPy, whose default is float64. */
  readonly fromNumpy?: boolean;
  /** True when a DataLoader has made it of numbers; `origin` is then one of them. */
  readonly collated?: boolean;
}
/** A torch.nn.Module; its device lives in the state under `id`. */
export interface TorchModuleValue extends Provenance {
  readonly kind: 'torchModule';
  readonly id: number;
  /** True for a loss, an activation and the like: it has no parameters and computes where its inputs are. */
  readonly stateless?: boolean;
}
export interface NdarrayValue extends Provenance {
  readonly kind: 'ndarray';
  readonly dtype: string | null;
  /** True for a NumPy scalar such as np.float32(0.5). */
  readonly isScalar?: boolean;
  /** True when it was made of something unknown, such as an image, whose dtype it has. */
  readonly borrowed?: boolean;
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
  /** Where the operation that made it runs: mps is MLX's gpu; absent: unknown. */
  readonly device?: DeviceType;
}
/** An object of a class of mlx.nn. */
export interface MlxModuleValue extends Provenance {
  readonly kind: 'mlxModule';
  /** Canonical name, such as mlx.nn.Linear. */
  readonly class?: string;
  /** Size of the last axis of what it returns, where its second argument says so. */
  readonly width?: number;
}
/** The arrays of a module or an optimizer as they are whenever they are looked at: `model.state`. */
export interface MlxTreeValue extends Provenance {
  readonly kind: 'mlxTree';
  readonly key: string;
}
/** What mx.compile, mx.grad and their like make of a function. */
export interface TransformedValue extends Provenance {
  readonly kind: 'transformed';
  /** Canonical name, such as mlx.core.compile. */
  readonly transform: string;
  readonly of: Value;
  /** Of this one: compiling a function twice makes two. */
  readonly id: number;
  readonly keywords: ReadonlyMap<string, Value>;
  /** Whose parameters nn.value_and_grad differentiates by. */
  readonly model?: Value;
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
  | MlxTreeValue
  | TransformedValue
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
      // A list may have grown since.
      return value.elements.length > 0 ? true : value.form === 'tuple' ? false : null;
    case 'library':
      return isLibraryObject(value) ? true : null;
    case 'function':
    case 'transformed':
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

/** The arrays that a value may be; one where no branches joined. */
export const arrayIds = (value: MlxArrayValue): readonly number[] =>
  value.alternatives === undefined ? [value.id] : [value.id, ...value.alternatives];
