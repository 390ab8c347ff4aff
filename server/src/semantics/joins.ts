import type { Expression } from '../syntax/tree.ts';
import type {
  Choice,
  ConstantValue,
  Device,
  DeviceType,
  MlxArrayValue,
  Provenance,
  Value,
} from './values.ts';
import { arrayIds, asDevice, union, unknown } from './values.ts';

const sameConstant = (a: ConstantValue, b: ConstantValue): boolean =>
  a.value === b.value && a.origin === b.origin;

/** The only way in which two values meet: what differs becomes unknown, facet by facet. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  if (a.kind === 'unknown' || b.kind === 'unknown') return unknown;
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
    case 'mlxTree':
      return b.kind === 'mlxTree' && a.key === b.key ? a : unknown;
    case 'transformed':
      return b.kind === 'transformed' && a.id === b.id ? a : unknown;
    case 'clock':
      return b.kind === 'clock' && a.reading === b.reading ? a : unknown;
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

function joinArrays(a: MlxArrayValue, b: MlxArrayValue, merged: Provenance): MlxArrayValue {
  const [id = a.id, ...alternatives] = new Set([...arrayIds(a), ...arrayIds(b)]);
  const shape = joinShapes(a.shape, b.shape);
  return {
    kind: 'mlxArray',
    id,
    dtype: a.dtype === b.dtype ? a.dtype : null,
    ...(shape === undefined ? {} : { shape }),
    ...(a.device !== undefined && a.device === b.device ? { device: a.device } : {}),
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
