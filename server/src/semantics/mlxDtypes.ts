import type { Value } from './values.ts';

/**
 * MLX's promotion, measured on mlx 0.32.4 for every pair of dtypes (mlx/dtype.cpp); a test measures it again.
 * Ordered so that of two dtypes of one line the later one wins.
 */
const ladders: readonly (readonly string[])[] = [
  ['bool_', 'uint8', 'uint16', 'uint32', 'uint64'],
  ['bool_', 'int8', 'int16', 'int32', 'int64'],
  ['uint8', 'int16', 'int32', 'int64'],
  ['uint16', 'int32', 'int64'],
  ['uint32', 'int64'],
];

const floats: readonly string[] = ['float16', 'bfloat16', 'float32', 'float64', 'complex64'];

/** The smallest dtype that holds both, where neither of the two does. */
const between: ReadonlyMap<string, string> = new Map([
  ['uint8 int8', 'int16'],
  ['uint16 int8', 'int32'],
  ['uint16 int16', 'int32'],
  ['uint32 int8', 'int64'],
  ['uint32 int16', 'int64'],
  ['uint32 int32', 'int64'],
  ...['int8', 'int16', 'int32', 'int64'].map((name): [string, string] => [
    `uint64 ${name}`,
    'float32',
  ]),
]);

export const isFloating = (dtype: string): boolean => floats.includes(dtype);

/** The dtype of an operation on arrays of these dtypes. */
export function promote(a: string, b: string): string {
  if (a === b) return a;
  if (isFloating(a) || isFloating(b)) {
    if (!isFloating(a)) return b;
    if (!isFloating(b)) return a;
    // Neither half type holds the other.
    if ([a, b].every((name) => name.endsWith('float16'))) return 'float32';
    return floats.indexOf(a) > floats.indexOf(b) ? a : b;
  }
  for (const ladder of ladders) {
    const [i, j] = [ladder.indexOf(a), ladder.indexOf(b)];
    if (i >= 0 && j >= 0) return ladder[Math.max(i, j)] as string;
  }
  return between.get(`${a} ${b}`) ?? between.get(`${b} ${a}`) ?? 'float32';
}

/** float32 for integers, as functions such as `exp` and `mean` do. */
export const toFloating = (dtype: string): string => (isFloating(dtype) ? dtype : 'float32');

/** `sum` and `prod` of small integers. */
export function summed(dtype: string): string {
  if (dtype === 'bool_' || dtype === 'int8' || dtype === 'int16') return 'int32';
  return dtype === 'uint8' || dtype === 'uint16' ? 'uint32' : dtype;
}

/**
 * The dtype of an operation on these operands; null: unknown. Python numbers are weak: they take the
 * dtype of the arrays unless they are of a higher kind.
 */
export function promoteOperands(operands: readonly Value[]): string | null {
  let dtype: string | null = null;
  for (const operand of operands) {
    if (operand.kind === 'constant' || isPythonFloat(operand)) continue;
    if (operand.kind !== 'mlxArray' || operand.dtype === null) return null;
    dtype = dtype === null ? operand.dtype : promote(dtype, operand.dtype);
  }
  for (const operand of operands) {
    if (operand.kind !== 'constant' && !isPythonFloat(operand)) continue;
    const { value, isFloat } = operand.kind === 'constant' ? operand : { value: 0, isFloat: true };
    if (typeof value !== 'number' && typeof value !== 'boolean') return null;
    const weak: string = typeof value === 'boolean' ? 'bool_' : isFloat ? 'float32' : 'int32';
    if (dtype === null) dtype = weak;
    else if (weak === 'float32') dtype = toFloating(dtype);
    else if (weak === 'int32' && dtype === 'bool_') dtype = 'int32';
  }
  return dtype;
}

/** `float(x)` */
export const isPythonFloat = (value: Value): boolean =>
  value.kind === 'object' && value.class === 'builtins.float';

/** The dtype that `mx.array(data)` has: NumPy's and torch's float64 become float32. */
export function mlxDtypeOfData(value: Value): string | null {
  switch (value.kind) {
    case 'mlxArray':
      return value.dtype;
    case 'ndarray':
    case 'tensor':
      return value.dtype === null ? null : (converted.get(value.dtype) ?? value.dtype);
    case 'constant':
      if (typeof value.value === 'boolean') return 'bool_';
      if (typeof value.value !== 'number') return null;
      if (value.isFloat) return 'float32';
      return Math.abs(value.value) > 2 ** 31 - 1 ? 'int64' : 'int32';
    case 'sequence': {
      if (value.elements.length === 0) return 'float32';
      const dtypes = value.elements.map(mlxDtypeOfData);
      return dtypes.reduce((a, b) => (a === null || b === null ? null : promote(a, b)));
    }
    default:
      return isPythonFloat(value) ? 'float32' : null;
  }
}

const converted: ReadonlyMap<string, string> = new Map([
  ['float64', 'float32'],
  ['complex128', 'complex64'],
  ['bool', 'bool_'],
]);
