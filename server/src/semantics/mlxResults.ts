import type { MlxOperation } from '../tables/mlxOperations.ts';
import type { CallArguments } from './context.ts';
import { isFloating, mlxDtypeOfData, promoteOperands, summed, toFloating } from './mlxDtypes.ts';
import type { Shape } from './mlxShapes.ts';
import {
  broadcast,
  concatenated,
  expanded,
  flattened,
  integerOf,
  integersOf,
  multiplied,
  reduced,
  reshaped,
  shapeOfData,
  squeezed,
  stacked,
  swapped,
  transposed,
} from './mlxShapes.ts';
import type { Value } from './values.ts';

/** What is known of an array before it is computed; null: unknown. */
export interface Facets {
  readonly dtype: string | null;
  readonly shape: Shape | null;
}

export const unknownFacets: Facets = { dtype: null, shape: null };

/** The arguments of a call by the names of its parameters. */
export class BoundArguments {
  readonly named: ReadonlyMap<string, Value>;
  /** What a `*parameter` collects. */
  readonly rest: readonly Value[];
  /** In the order of the parameters. */
  readonly values: readonly Value[];

  constructor({ parameters }: MlxOperation, args: CallArguments) {
    const named = new Map<string, Value>();
    const rest: Value[] = [];
    const positional = [...args.positional];
    for (const parameter of parameters) {
      if (parameter === '/' || parameter === '*') continue;
      if (parameter.startsWith('*')) {
        rest.push(...positional.splice(0));
        break;
      }
      const value = positional.shift();
      if (value !== undefined) named.set(parameter, value);
    }
    for (const [name, { value }] of args.keywords) named.set(name, value);
    this.named = named;
    this.rest = rest;
    this.values = [...named.values()];
  }

  get(name: string): Value | undefined {
    return this.named.get(name);
  }

  get first(): Value | undefined {
    return this.values[0];
  }
}

const dtypeOf = (value: Value | undefined): string | null =>
  value === undefined ? null : value.kind === 'mlxArray' ? value.dtype : mlxDtypeOfData(value);

export const shapeOf = (value: Value | undefined): Shape | null =>
  value === undefined ? null : shapeOfData(value);

/** An explicit dtype; undefined when none is given. */
function givenDtype(bound: BoundArguments): string | null | undefined {
  const given = bound.get('dtype');
  if (given === undefined || (given.kind === 'constant' && given.value === null)) return undefined;
  return given.kind === 'dtype' && given.framework === 'mlx' ? given.name : null;
}

const mapped = (dtype: string | null, change: (dtype: string) => string): string | null =>
  dtype === null ? null : change(dtype);

const withoutComplex = (dtype: string): string => (dtype === 'complex64' ? 'float32' : dtype);

const onlyReal = (dtype: string | null): string | null =>
  dtype !== null && isFloating(dtype) && dtype !== 'complex64' ? dtype : null;

/** The operands of arithmetic: the first two parameters, or `x` and `y` of `where`. */
const operandsOf = (bound: BoundArguments): Value[] =>
  ['a', 'b', 'a_min', 'a_max'].flatMap((name) => bound.get(name) ?? []);

const isNone = (value: Value): boolean => value.kind === 'constant' && value.value === null;

const dtypeRules: Readonly<Record<string, (bound: BoundArguments) => string | null>> = {
  same: (bound) => dtypeOf(bound.first ?? bound.rest[0]),
  modulus: (bound) => mapped(dtypeOf(bound.first), withoutComplex),
  cumulative: (bound) =>
    mapped(dtypeOf(bound.first), (dtype) => (dtype === 'bool_' ? 'int32' : dtype)),
  floating: (bound) => mapped(dtypeOf(bound.first), toFloating),
  realFloating: (bound) =>
    mapped(dtypeOf(bound.first), (dtype) => withoutComplex(toFloating(dtype))),
  promoted: (bound) => promoteOperands(operandsOf(bound).filter((value) => !isNone(value))),
  promotedFloating: (bound) => mapped(promoteOperands(operandsOf(bound)), toFloating),
  shifted: (bound) => {
    const dtype = promoteOperands(operandsOf(bound));
    return dtype === 'bool_' ? 'uint8' : dtype;
  },
  // Integers and complex numbers: it depends on the shape (mlx 0.32.4).
  normalised: (bound) => onlyReal(dtypeOf(bound.first)),
  norm: (bound) => onlyReal(mapped(dtypeOf(bound.first), toFloating)),
  branches: (bound) => promoteOperands(['x', 'y'].flatMap((name) => bound.get(name) ?? [])),
  summed: (bound) => mapped(dtypeOf(bound.first), summed),
  bool_: () => 'bool_',
  index: () => 'uint32',
  int32: () => 'int32',
  complex64: () => 'complex64',
  floating32: () => 'float32',
  cast: (bound) => givenDtype(bound) ?? null,
  given: (bound) => orElse(givenDtype(bound), 'float32'),
  integers: (bound) => orElse(givenDtype(bound), 'int32'),
  linspace: (bound) => orElse(givenDtype(bound), 'float32'),
  givenOrSame: (bound) => orElse(givenDtype(bound), dtypeOf(bound.first)),
  filled: (bound) => orElse(givenDtype(bound), dtypeOf(bound.get('vals'))),
  data: (bound) => orElse(givenDtype(bound), dtypeOf(bound.first)),
  range: (bound) =>
    orElse(
      givenDtype(bound),
      promoteOperands(['start', 'stop', 'step'].flatMap((name) => bound.get(name) ?? [])),
    ),
  list: ({ first }) =>
    first?.kind === 'sequence' && first.elements.every((element) => element.kind === 'mlxArray')
      ? promoteOperands(first.elements)
      : null,
};

const orElse = (given: string | null | undefined, otherwise: string | null): string | null =>
  given === undefined ? otherwise : given;

const elementShapes = ({ first }: BoundArguments): (Shape | null)[] =>
  first?.kind === 'sequence' ? first.elements.map(shapeOf) : [null];

const shapeRules: Readonly<Record<string, (bound: BoundArguments) => Shape | null>> = {
  same: ({ first }) => shapeOf(first),
  first: ({ first }) => shapeOf(first),
  broadcast: (bound) =>
    broadcast(
      ['condition', 'x', 'y', 'a', 'b', 'a_min', 'a_max'].flatMap((name) =>
        bound.get(name) ? [shapeOf(bound.get(name))] : [],
      ),
    ),
  scalar: () => [],
  reduce: (bound) => reduced(shapeOf(bound.first), bound.get('axis'), bound.get('keepdims')),
  norm: (bound) =>
    bound.get('ord') === undefined
      ? reduced(shapeOf(bound.first), bound.get('axis'), bound.get('keepdims'))
      : null,
  // Without a shape, the shapes of the other arguments count.
  argument: (bound) => integersOf(bound.get('shape')),
  data: ({ first }) => shapeOf(first),
  // Along no axis: of the flattened array.
  cumulative: (bound) =>
    bound.get('axis') === undefined
      ? flattened(shapeOf(bound.first), undefined, undefined)
      : shapeOf(bound.first),
  square: (bound) => {
    const rows = integerOf(bound.get('n'));
    const columns = bound.get('m');
    return [rows, columns === undefined || isNone(columns) ? rows : integerOf(columns)];
  },
  range: arangeShape,
  vector: (bound) => [bound.get('num') === undefined ? 50 : integerOf(bound.get('num'))],
  window: (bound) => [integerOf(bound.get('M'))],
  key: () => [2],
  keys: (bound) => [bound.get('num') === undefined ? 2 : integerOf(bound.get('num')), 2],
  reshape: (bound) => reshaped(shapeOf(bound.first), bound.get('shape')),
  transpose: (bound) => transposed(shapeOf(bound.first), bound.get('axes')),
  matrixTranspose: ({ first }) => {
    const shape = shapeOf(first);
    return shape === null || shape.length < 2
      ? null
      : [...shape.slice(0, -2), shape.at(-1) as number | null, shape.at(-2) as number | null];
  },
  swap: (bound) => swapped(shapeOf(bound.first), bound.get('axis1'), bound.get('axis2')),
  expand: (bound) => expanded(shapeOf(bound.first), bound.get('axis')),
  squeeze: (bound) => squeezed(shapeOf(bound.first), bound.get('axis')),
  flatten: (bound) =>
    flattened(shapeOf(bound.first), bound.get('start_axis'), bound.get('end_axis')),
  concatenate: (bound) => concatenated(elementShapes(bound), bound.get('axis')),
  stack: (bound) => stacked(elementShapes(bound), bound.get('axis')),
  take: (bound) => takenShape(bound),
  indices: (bound) => shapeOf(bound.get('indices')),
  matmul: (bound) => multiplied(shapeOf(bound.get('a')), shapeOf(bound.get('b'))),
};

function arangeShape(bound: BoundArguments): Shape | null {
  const given = ['start', 'stop', 'step'].map((name) => bound.get(name));
  const numbers = given.map((value) =>
    value?.kind === 'constant' && typeof value.value === 'number' ? value.value : null,
  );
  const [a = null, b = null, c = null] = numbers;
  if (
    a === null ||
    (given[1] !== undefined && b === null) ||
    (given[2] !== undefined && c === null)
  )
    return [null];
  const [start, stop] = b === null ? [0, a] : [a, b];
  return [Math.max(0, Math.ceil((stop - start) / (c ?? 1)))];
}

function takenShape(bound: BoundArguments): Shape | null {
  const [shape, indices] = [shapeOf(bound.first), shapeOf(bound.get('indices'))];
  if (indices === null) return null;
  const axis = bound.get('axis');
  if (axis === undefined || isNone(axis)) return indices;
  const at = integerOf(axis);
  if (shape === null || at === null) return null;
  const from = at < 0 ? at + shape.length : at;
  return [...shape.slice(0, from), ...indices, ...shape.slice(from + 1)];
}

export function facetsOf(operation: MlxOperation, bound: BoundArguments): Facets {
  return {
    dtype: dtypeRules[operation.dtype]?.(bound) ?? null,
    shape: shapeRules[operation.shape]?.(bound) ?? null,
  };
}

/** Arithmetic: `/` gives floating numbers, `@` multiplies matrices. */
export function facetsOfOperator(operator: string, left: Value, right: Value): Facets {
  const promoted = promoteOperands([left, right]);
  const shapes = [shapeOf(left), shapeOf(right)] as const;
  if (operator === '@')
    return { dtype: mapped(promoted, toFloating), shape: multiplied(...shapes) };
  return {
    dtype: operator === '/' ? mapped(promoted, toFloating) : promoted,
    shape: broadcast(shapes),
  };
}
