import type { AugmentedAssignStatement, Expression, SubscriptExpression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { report, shadow } from './context.ts';
import { recordOperation } from './mlxArrays.ts';
import type { ArrayUse } from './mlxFacts.ts';
import type { Shape } from './mlxShapes.ts';
import { broadcast, integerOf, shapeOfData } from './mlxShapes.ts';
import type { MlxArrayValue, Value } from './values.ts';

/** `x[i]` on an MLX array: a new lazy array. */
export function loadElements(
  context: Context,
  array: MlxArrayValue,
  index: readonly Value[],
  node: SubscriptExpression,
): Value {
  reportIndex(context, array, index, node, 'load', null);
  const shape = indexedShape(context, array.shape ?? null, index, node.index);
  const device = context.state?.mlxDevice ?? null;
  const facets = { dtype: array.dtype, shape };
  return recordOperation(context, '[]', [array, ...index], facets, device, node);
}

function reportIndex(
  context: Context,
  array: MlxArrayValue,
  index: readonly Value[],
  node: SubscriptExpression,
  use: ArrayUse,
  operator: string | null,
): void {
  report(context, { kind: 'arrayIndex', node, array, index, use, operator });
}

/** Index parts, with the tuple of `x[(i, j)]` taken apart. */
function indexedShape(
  context: Context,
  shape: Shape | null,
  index: readonly Value[],
  nodes: readonly Expression[],
): Shape | null {
  if (shape === null) return null;
  const used = index.filter((value, i) => !isNewAxis(value) && !isEllipsis(nodes[i])).length;
  if (used > shape.length) return null;
  const left = [...shape];
  const sizes: (number | null)[] = [];
  let gathered: Shape | null = null;
  for (const [i, value] of index.entries()) {
    const node = nodes[i] as Expression;
    if (isEllipsis(node)) sizes.push(...left.splice(0, shape.length - used));
    else if (isNewAxis(value)) sizes.push(1);
    else if (node.kind === 'slice') sizes.push(slicedSize(context, left.shift() ?? null, node));
    else if (integerOf(value) !== null) left.shift();
    else {
      // Several index arrays broadcast with each other; one takes the place of its axis.
      const taken =
        value.kind === 'mlxArray' && value.dtype !== 'bool_' ? shapeOfData(value) : null;
      if (taken === null || gathered !== null) return null;
      gathered = broadcast([taken]);
      left.shift();
      sizes.push(...taken);
    }
  }
  return [...sizes, ...left];
}

const isNewAxis = (value: Value): boolean => value.kind === 'constant' && value.value === null;

const isEllipsis = (node: Expression | undefined): boolean =>
  node?.kind === 'constant' && node.value === 'ellipsis';

/** undefined: none is given; null: it is not known. */
export const sliceBound = (context: Context, part: Expression | null): number | null | undefined =>
  part === null ? undefined : integerOf(shadow(context, () => context.evaluate(part)));

/** The number of elements that `lower:upper:step` takes from `size`. */
function slicedSize(
  context: Context,
  size: number | null,
  node: Extract<Expression, { kind: 'slice' }>,
): number | null {
  const bounds = [node.lower, node.upper, node.step].map((part) => sliceBound(context, part));
  const [lower, upper, step] = bounds;
  if (lower === undefined && upper === undefined && step === undefined) return size;
  if (size === null || lower === null || upper === null || step === null) return null;
  if (step !== undefined && step < 1) return null;
  const clamp = (value: number): number =>
    Math.min(size, Math.max(0, value < 0 ? value + size : value));
  const from = clamp(lower ?? 0);
  const to = clamp(upper ?? size);
  return Math.max(0, Math.ceil((to - from) / (step ?? 1)));
}

/** `x[i] += v`: what it loads has been told; this tells that it is written back. */
export function reportAugmentedIndex(context: Context, node: AugmentedAssignStatement): void {
  const { target, operator } = node;
  if (target.kind !== 'subscript') return;
  const object = shadow(context, () => context.evaluate(target.object));
  if (object.kind !== 'mlxArray') return;
  const index = shadow(context, () => target.index.map((part) => context.evaluate(part)));
  reportIndex(context, object, index, target, 'augmented', operator);
}

/** `x[i] = v`: tells of it and returns the index. */
export function storeElements(
  context: Context,
  array: MlxArrayValue,
  node: SubscriptExpression,
): Value[] {
  const index = node.index.map((part) => context.evaluate(part));
  // `x[i] += v` is told by reportAugmentedIndex.
  if (context.statement.kind !== 'augmentedAssign')
    reportIndex(context, array, index, node, 'store', null);
  return index;
}
