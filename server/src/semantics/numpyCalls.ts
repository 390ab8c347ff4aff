import type { CallExpression } from '../syntax/tree.ts';
import {
  dtypeKeeping,
  dtypeKeepingMethods,
  float64Functions,
  scalarFunctions,
} from '../tables/numpyFunctions.ts';
import type { CallArguments, Context } from './context.ts';
import { dtypeNamed } from './dtypes.ts';
import { readTensor } from './effects.ts';
import type { NdarrayValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** Functions of `numpy.` by canonical name. */
export function callNumpy(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const values = [
    ...args.positional,
    ...[...args.keywords.values()].map((keyword) => keyword.value),
  ];
  for (const value of values) if (value.kind === 'tensor') readTensor(context, value, node);
  if (name === 'numpy.random.default_rng')
    return { kind: 'library', name: 'numpy.random.generator' };
  const dtypeArgument = args.keywords.get('dtype')?.value;
  if (dtypeArgument !== undefined) {
    return { kind: 'ndarray', dtype: dtypeNamed(dtypeArgument, 'numpy'), origin: node };
  }
  if (args.open) return unknown;
  if (float64Functions.has(name)) {
    // The second positional argument of these is a dtype.
    const positional = ['numpy.zeros', 'numpy.ones', 'numpy.empty'].includes(name)
      ? args.positional[1]
      : undefined;
    return {
      kind: 'ndarray',
      dtype: positional === undefined ? 'float64' : dtypeNamed(positional, 'numpy'),
      origin: node,
    };
  }
  const first = args.positional[0];
  if (name === 'numpy.array' || name === 'numpy.asarray') {
    const positional = args.positional[1];
    const dtype = positional === undefined ? numpyDtypeOf(first) : dtypeNamed(positional, 'numpy');
    const borrowed = dtype === null && first?.kind === 'unknown';
    return { kind: 'ndarray', dtype, ...(borrowed ? { borrowed } : {}), origin: node };
  }
  if (scalarFunctions.has(name) && first?.kind === 'constant')
    return { kind: 'ndarray', dtype: 'float64', isScalar: true, origin: node };
  if (joining.has(name) && first?.kind === 'sequence') {
    const dtypes = first.elements.map((each) => (each.kind === 'ndarray' ? each.dtype : null));
    const [one = null] = dtypes;
    const dtype = dtypes.every((other) => other === one) ? one : null;
    return { kind: 'ndarray', dtype, ...(dtype === null ? { borrowed: true } : {}), origin: node };
  }
  if (dtypeKeeping.has(name) && first?.kind === 'ndarray')
    return { kind: 'ndarray', dtype: first.dtype, origin: node };
  if (name === 'numpy.full' || name === 'numpy.arange') {
    const numbers = name === 'numpy.full' ? args.positional.slice(1, 2) : args.positional;
    const known = numbers.length > 0 && numbers.every((value) => value.kind === 'constant');
    const isFloat = numbers.some((value) => value.kind === 'constant' && value.isFloat);
    return { kind: 'ndarray', dtype: known && isFloat ? 'float64' : null, origin: node };
  }
  if (['numpy.load', 'numpy.fromfile', 'numpy.frombuffer'].includes(name)) {
    return { kind: 'ndarray', dtype: null, origin: node };
  }
  return unknown;
}

/** Functions that put arrays of a list together. */
const joining: ReadonlySet<string> = new Set(
  ['concatenate', 'stack', 'vstack', 'hstack', 'dstack'].map((name) => `numpy.${name}`),
);

/** Python floats become float64 (NumPy reference). */
function numpyDtypeOf(value: Value | undefined): string | null {
  if (value === undefined) return null;
  if (value.kind === 'ndarray' || value.kind === 'tensor') return value.dtype;
  if (value.kind === 'constant')
    return typeof value.value === 'number' && value.isFloat ? 'float64' : null;
  if (value.kind === 'sequence') {
    const dtypes = value.elements.map(numpyDtypeOf);
    const numbers = value.elements.every(
      (element) =>
        element.kind === 'sequence' ||
        (element.kind === 'constant' && typeof element.value === 'number'),
    );
    return numbers && dtypes.includes('float64') ? 'float64' : null;
  }
  return null;
}

export function callNdarrayMethod(
  _context: Context,
  array: NdarrayValue,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (name === 'astype') {
    const dtype = args.positional[0] ?? args.keywords.get('dtype')?.value;
    return {
      kind: 'ndarray',
      dtype: dtype === undefined ? null : dtypeNamed(dtype, 'numpy'),
      origin: node,
    };
  }
  if (dtypeKeepingMethods.has(name)) return { kind: 'ndarray', dtype: array.dtype, origin: node };
  return unknown;
}
