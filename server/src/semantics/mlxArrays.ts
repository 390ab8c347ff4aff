import type { BinaryExpression, CompareExpression, Expression } from '../syntax/tree.ts';
import { mlxOperations } from '../tables/mlxOperations.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, noArguments, report } from './context.ts';
import { join } from './joins.ts';
import { arraysIn, forceArrays, recordArray, stopGradient } from './laziness.ts';
import type { Facets } from './mlxResults.ts';
import {
  BoundArguments,
  facetsOf,
  facetsOfOperator,
  shapeOf,
  unknownFacets,
} from './mlxResults.ts';
import type { Shape } from './mlxShapes.ts';
import { broadcast, integerOf, integersOf } from './mlxShapes.ts';
import { deviceOfCall } from './mlxStreams.ts';
import type { Laziness } from './state.ts';
import type { Device, MlxArrayValue, Value } from './values.ts';
import { constant, isCertainly, unknown } from './values.ts';

/** Makes an array from data and runs nothing. */
const dataFunctions = new Set(['mlx.core.array', 'mlx.core.asarray', 'mlx.core.random.key']);

/** Records an operation with what is known of its result. */
export function recordOperation(
  context: Context,
  operation: string,
  inputs: readonly Value[],
  facets: Facets,
  device: Device | null,
  node: Expression,
  evaluated: Laziness = 'lazy',
): MlxArrayValue {
  const { shape } = facets;
  // The GPU has no float64 (mlx/array.cpp): the operation raises, and what follows is not told again.
  const refused = facets.dtype === 'float64' && isCertainly(device, 'mps');
  const array = recordArray(context, inputs, refused ? null : facets.dtype, node, evaluated);
  if (operation === 'mlx.core.stop_gradient') stopGradient(context, array);
  const [place, ...others] = device?.types ?? [];
  const result: MlxArrayValue = {
    ...array,
    ...(shape === null ? {} : { shape }),
    ...(place === undefined || others.length > 0 ? {} : { device: place }),
  };
  report(context, {
    kind: 'arrayOperation',
    node,
    operation,
    inputs,
    result: refused ? { ...result, dtype: 'float64' } : result,
    device,
  });
  return result;
}

/** A function of mlx.core that the table knows; methods of arrays are passed with the array in front. */
export function callOperation(
  context: Context,
  name: string,
  args: CallArguments,
  node: Expression,
): Value | null {
  const operation = mlxOperations.get(name);
  if (operation === undefined) return null;
  const bound = new BoundArguments(operation, settledArguments(context, args));
  const inputs = allValues(args);
  const device = dataFunctions.has(name) ? null : deviceOfCall(context, args);
  const facets = args.open ? unknownFacets : facetsOf(operation, bound);
  const evaluated = dataFunctions.has(name) ? stateOfCopy(context, inputs) : 'lazy';
  const record = (each: Facets): MlxArrayValue =>
    recordOperation(context, name, inputs, each, device, node, evaluated);
  const parts = partsOf(operation.shape, bound, facets);
  if (parts === 'one') return record(facets);
  const first = record(parts?.[0] ?? unknownFacets);
  if (parts === null) return someOf(context, first, node);
  const form = operation.shape === 'split' ? 'list' : 'tuple';
  return {
    kind: 'sequence',
    form,
    elements: parts.map((each, i) => (i === 0 ? first : record(each))),
    origin: node,
  };
}

/** `mx.array(data)` copies at once; of an array, or a list of arrays, it is an operation like others. */
function stateOfCopy({ state }: Context, inputs: readonly Value[]): Laziness {
  if (arraysIn(state, inputs).length > 0) return 'lazy';
  return inputs.some(({ kind }) => kind === 'unknown') ? 'unknown' : 'computed';
}

/** A list of unknown length whose elements are like `element`. */
function someOf(context: Context, element: Value, node: Expression): Value {
  const id = context.newId();
  context.state?.added.set(id, [element]);
  return { kind: 'sequence', form: 'list', elements: [], id, origin: node };
}

/** Lists that have grown since they were written are not what is written there. */
function settledArguments(context: Context, args: CallArguments): CallArguments {
  const grown = context.state?.added;
  const settled = (value: Value): Value => {
    if (value.kind !== 'sequence') return value;
    if (value.id !== undefined && grown?.has(value.id)) return unknown;
    return { ...value, elements: value.elements.map(settled) };
  };
  return {
    ...args,
    positional: args.positional.map(settled),
    keywords: new Map(
      [...args.keywords].map(([name, { value, node }]) => [name, { value: settled(value), node }]),
    ),
  };
}

/** The arrays that a function returns: `one`, several, or null where their number is not known. */
function partsOf(rule: string, bound: BoundArguments, facets: Facets): Facets[] | 'one' | null {
  const count = /^(\d) parts$/.exec(rule)?.[1];
  if (count !== undefined) {
    // svd returns S alone when asked to.
    if (bound.get('compute_uv') !== undefined) return null;
    return Array.from({ length: Number(count) }, () => ({ dtype: facets.dtype, shape: null }));
  }
  switch (rule) {
    case 'each':
      return bound.rest.map((value) => ({
        dtype: value.kind === 'mlxArray' ? value.dtype : null,
        shape: null,
      }));
    case 'split':
      return splitParts(bound, facets.dtype);
    case 'unstack': {
      const shape = shapeOf(bound.first);
      const axis = bound.get('axis') === undefined ? 0 : integerOf(bound.get('axis'));
      const size = axis === null ? null : (shape?.at(axis) ?? null);
      if (shape === null || axis === null || size === null || size > longest) return null;
      const rest = shape.filter((_, i) => i !== (axis < 0 ? axis + shape.length : axis));
      return Array.from({ length: size }, () => ({ dtype: facets.dtype, shape: rest }));
    }
    default:
      return 'one';
  }
}

/** Longer results are not followed element by element. */
const longest = 64;

function splitParts(bound: BoundArguments, dtype: string | null): Facets[] | null {
  const sections = bound.get('indices_or_sections');
  const shape = shapeOf(bound.first);
  const axis = bound.get('axis') === undefined ? 0 : integerOf(bound.get('axis'));
  const at = shape === null || axis === null ? null : axis < 0 ? axis + shape.length : axis;
  const resized = (size: number | null): Shape | null =>
    shape === null || at === null ? null : shape.map((old, i) => (i === at ? size : old));
  const total = shape === null || at === null ? null : (shape[at] ?? null);
  const count = integerOf(sections);
  if (count !== null) {
    if (count < 1 || count > longest) return null;
    const size = total === null || total % count !== 0 ? null : total / count;
    return Array.from({ length: count }, () => ({ dtype, shape: resized(size) }));
  }
  const cuts = sections?.kind === 'sequence' ? integersOf(sections) : null;
  if (cuts === null || cuts.length > longest) return null;
  const bounds = [0, ...cuts, total];
  return bounds.slice(1).map((end, i) => {
    const start = bounds[i] ?? null;
    const size = start === null || end === null || end < start ? null : end - start;
    return { dtype, shape: resized(size) };
  });
}

/** `a + b` with an MLX array on one side. NumPy on the left computes by itself (facts/mlx.md, 1.3). */
export function combineArrays(
  context: Context,
  node: Expression,
  operator: BinaryExpression['operator'],
  left: Value,
  right: Value,
): Value {
  const device = context.state?.mlxDevice ?? null;
  if (left.kind === 'ndarray') {
    report(context, {
      kind: 'arrayOperation',
      node,
      operation: operator,
      inputs: [left, right],
      result: null,
      device,
    });
    forceArrays(context, [right], node);
    return { kind: 'ndarray', dtype: null, origin: node };
  }
  // "%s" % x writes the value.
  if (left.kind === 'constant' && typeof left.value === 'string') {
    forceArrays(context, [right], node);
    return unknown;
  }
  const facets = facetsOfOperator(operator, left, right);
  return recordOperation(context, operator, [left, right], facets, device, node);
}

export const facetsOfArray = (array: MlxArrayValue): Facets => ({
  dtype: array.dtype,
  shape: array.shape ?? null,
});

/** `==`, `<` and so on; `is` and `in` make no array. */
export function reportComparison(
  context: Context,
  node: CompareExpression,
  operator: string,
  left: Value,
  right: Value,
): void {
  if (left.kind !== 'mlxArray' && right.kind !== 'mlxArray') return;
  report(context, { kind: 'arrayComparison', node, operator, left, right });
}

export const recordComparison = (
  context: Context,
  node: CompareExpression,
  compared: readonly Value[],
): Value => {
  const [operator] = node.operators;
  // None is no operand of any comparison: this raises.
  if (compared.some((value) => value.kind === 'constant' && value.value === null)) return unknown;
  // No array is equal to a list or a string: this is a plain truth value (mlx 0.32.4).
  if (compared.some(isIncomparable) && node.operators.length === 1)
    return operator === '==' || operator === '!=' ? constant(operator === '!=', node) : unknown;
  return recordOperation(
    context,
    node.operators[0] as string,
    compared,
    { dtype: 'bool_', shape: broadcast(compared.map(shapeOf)) },
    context.state?.mlxDevice ?? null,
    node,
  );
};

const isIncomparable = (value: Value): boolean =>
  value.kind === 'sequence' || (value.kind === 'constant' && typeof value.value === 'string');

/** What unpacking or iterating over an array gives. */
export const rowOf = (context: Context, array: MlxArrayValue, node: Expression): MlxArrayValue =>
  recordOperation(
    context,
    '[]',
    [array],
    { dtype: array.dtype, shape: array.shape?.slice(1) ?? null },
    context.state?.mlxDevice ?? null,
    node,
  );

/** `x.at`, which `x.at[i].add(v)` updates. */
export const isArrayAt = (value: Value): boolean =>
  value.kind === 'object' && value.class === 'mlx.core.ArrayAt';

/** `x.shape`, `x.ndim`, `x.T`: attributes that are values at once, or arrays of their own. */
export function attributeOfArray(
  context: Context,
  array: MlxArrayValue,
  name: string,
  node: Expression,
): Value {
  const { shape } = array;
  switch (name) {
    case 'dtype':
      return array.dtype === null
        ? unknown
        : { kind: 'dtype', framework: 'mlx', name: array.dtype };
    case 'shape':
      return shape === undefined
        ? unknown
        : {
            kind: 'sequence',
            form: 'tuple',
            elements: shape.map((size) => (size === null ? unknown : constant(size))),
          };
    case 'ndim':
      return shape === undefined ? unknown : constant(shape.length);
    case 'size':
      return shape === undefined || shape.includes(null)
        ? unknown
        : constant((shape as readonly number[]).reduce((a, b) => a * b, 1));
    case 'at':
      return {
        kind: 'object',
        class: 'mlx.core.ArrayAt',
        positional: [array],
        keywords: new Map(),
        origin: node,
      };
    case 'T':
    case 'mT':
    case 'real':
    case 'imag': {
      const operation = attributeOperations[name];
      const args = { ...noArguments, positional: [array] };
      return callOperation(context, operation, args, node) ?? unknown;
    }
    default:
      return unknown;
  }
}

const attributeOperations = {
  T: 'mlx.core.transpose',
  mT: 'mlx.core.matrix_transpose',
  real: 'mlx.core.real',
  imag: 'mlx.core.imag',
} as const;

/** One of the elements of a list whose length is not known: MLX arrays among them are arrays of their own. */
export function oneOf(context: Context, elements: readonly Value[], node: Expression): Value {
  const [first, ...others] = elements;
  const element = others.reduce<Value>(join, first ?? unknown);
  if (element.kind !== 'mlxArray') return element;
  const device = context.state?.mlxDevice ?? null;
  return recordOperation(context, '[]', [element], facetsOfArray(element), device, node);
}
