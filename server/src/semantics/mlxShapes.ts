import { isPythonFloat } from './mlxDtypes.ts';
import type { Value } from './values.ts';

/** Sizes by axis, null where a size is unknown. An unknown shape is null as a whole. */
export type Shape = readonly (number | null)[];

export const integerOf = (value: Value | undefined): number | null =>
  value?.kind === 'constant' && typeof value.value === 'number' && Number.isInteger(value.value)
    ? value.value
    : null;

/** `3`, `(2, 3)`, `[2, n]`: the integers of a size or axis argument; null when it is neither. */
export function integersOf(value: Value | undefined): (number | null)[] | null {
  if (value?.kind === 'sequence') return value.elements.map(integerOf);
  const single = integerOf(value);
  return single === null ? null : [single];
}

const normalized = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Axes that are all known, counted from the front; null otherwise. */
function knownAxes(value: Value | undefined, rank: number): number[] | null {
  const axes = integersOf(value);
  if (axes === null) return null;
  const known: number[] = [];
  for (const axis of axes) {
    if (axis === null || normalized(axis, rank) < 0 || normalized(axis, rank) >= rank) return null;
    known.push(normalized(axis, rank));
  }
  return known;
}

const isNone = (value: Value | undefined): boolean =>
  value === undefined || (value.kind === 'constant' && value.value === null);

export function broadcast(shapes: readonly (Shape | null)[]): Shape | null {
  let result: Shape = [];
  for (const shape of shapes) {
    if (shape === null) return null;
    const rank = Math.max(result.length, shape.length);
    const sizes: (number | null)[] = [];
    for (let i = 1; i <= rank; i++) {
      const a = i > result.length ? 1 : (result[result.length - i] as number | null);
      const b = i > shape.length ? 1 : (shape[shape.length - i] as number | null);
      // An unknown size is 1 or that of the other.
      sizes.unshift(a === 1 ? b : b === 1 || a === b ? a : (a ?? b));
    }
    result = sizes;
  }
  return result;
}

/** `axis` and `keepdims` of a reduction. */
export function reduced(
  shape: Shape | null,
  axis: Value | undefined,
  keepdims: Value | undefined,
): Shape | null {
  const keeps =
    keepdims === undefined ? false : keepdims.kind === 'constant' ? Boolean(keepdims.value) : null;
  if (keeps === null) return null;
  if (isNone(axis)) return keeps ? (shape?.map(() => 1) ?? null) : [];
  if (shape === null) return null;
  const axes = knownAxes(axis, shape.length);
  if (axes === null) return keeps ? shape.map(() => null) : null;
  return keeps
    ? shape.map((size, i) => (axes.includes(i) ? 1 : size))
    : shape.filter((_, i) => !axes.includes(i));
}

const product = (sizes: Shape): number | null =>
  sizes.reduce<number | null>((a, b) => (a === null || b === null ? null : a * b), 1);

export function reshaped(shape: Shape | null, wanted: Value | undefined): Shape | null {
  const sizes = integersOf(wanted);
  if (sizes === null) return null;
  const hole = sizes.indexOf(-1);
  if (hole < 0) return sizes;
  const total = shape === null ? null : product(shape);
  const others = product(sizes.filter((_, i) => i !== hole));
  const fits = total !== null && others !== null && others > 0 && total % others === 0;
  return sizes.map((size, i) => (i === hole ? (fits ? total / others : null) : size));
}

export function transposed(shape: Shape | null, axes: Value | undefined): Shape | null {
  if (shape === null) return null;
  if (isNone(axes)) return [...shape].reverse();
  const order = knownAxes(axes, shape.length);
  if (order === null) return shape.map(() => null);
  return order.map((axis) => shape[axis] as number | null);
}

export function swapped(
  shape: Shape | null,
  first: Value | undefined,
  second: Value | undefined,
): Shape | null {
  if (shape === null) return null;
  const a = knownAxes(first, shape.length)?.[0];
  const b = knownAxes(second, shape.length)?.[0];
  if (a === undefined || b === undefined) return shape.map(() => null);
  return shape.map((size, i) => (i === a ? shape[b] : i === b ? shape[a] : size) as number | null);
}

export function expanded(shape: Shape | null, axis: Value | undefined): Shape | null {
  const count = integersOf(axis)?.length;
  if (shape === null || count === undefined) return null;
  const axes = knownAxes(axis, shape.length + count);
  if (axes === null) return null;
  const sizes = [...shape];
  return Array.from({ length: shape.length + count }, (_, i) =>
    axes.includes(i) ? 1 : (sizes.shift() as number | null),
  );
}

export function squeezed(shape: Shape | null, axis: Value | undefined): Shape | null {
  if (shape === null) return null;
  if (isNone(axis)) return shape.includes(null) ? null : shape.filter((size) => size !== 1);
  const axes = knownAxes(axis, shape.length);
  return axes === null ? null : shape.filter((_, i) => !axes.includes(i));
}

export function flattened(
  shape: Shape | null,
  start: Value | undefined,
  end: Value | undefined,
): Shape | null {
  if (shape === null) return null;
  const first = start === undefined ? 0 : integerOf(start);
  const last = end === undefined ? -1 : integerOf(end);
  if (first === null || last === null) return null;
  if (shape.length === 0) return [1];
  const from = normalized(first, shape.length);
  const to = normalized(last, shape.length);
  return [...shape.slice(0, from), product(shape.slice(from, to + 1)), ...shape.slice(to + 1)];
}

export function multiplied(a: Shape | null, b: Shape | null): Shape | null {
  if (a === null || b === null || a.length === 0 || b.length === 0) return null;
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const batch = broadcast([left.slice(0, -2), right.slice(0, -2)]);
  if (batch === null) return null;
  return [
    ...batch,
    ...(a.length === 1 ? [] : [left.at(-2) as number | null]),
    ...(b.length === 1 ? [] : [right.at(-1) as number | null]),
  ];
}

/** Joined along an axis that is there already. */
export function concatenated(
  shapes: readonly (Shape | null)[],
  axis: Value | undefined,
): Shape | null {
  const first = shapes[0] ?? null;
  if (first === null || shapes.some((shape) => shape === null)) return null;
  const [along] = axis === undefined ? [0] : (knownAxes(axis, first.length) ?? []);
  if (along === undefined) return first.map(() => null);
  const sizes = shapes.map((shape) => shape?.[along] ?? null);
  return first.map((size, i) =>
    i === along ? sizes.reduce((a, b) => (a === null || b === null ? null : a + b)) : size,
  );
}

export function stacked(shapes: readonly (Shape | null)[], axis: Value | undefined): Shape | null {
  const first = shapes[0] ?? null;
  if (first === null) return null;
  const [at] = axis === undefined ? [0] : (knownAxes(axis, first.length + 1) ?? []);
  if (at === undefined) return [...first.map(() => null), null];
  return [...first.slice(0, at), shapes.length, ...first.slice(at)];
}

/** Nested lists of numbers. */
export function shapeOfData(value: Value): Shape | null {
  if (value.kind === 'constant' || isPythonFloat(value)) return [];
  if (value.kind === 'mlxArray') return value.shape ?? null;
  if (value.kind !== 'sequence') return null;
  const first = value.elements[0];
  if (first === undefined) return [0];
  if (value.elements.some((element) => element.kind !== first.kind)) return null;
  const inner = shapeOfData(first);
  return inner === null ? null : [value.elements.length, ...inner];
}
