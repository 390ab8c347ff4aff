import type { Expression } from '../syntax/tree.ts';
import { transformKinds } from '../tables/mlxTransforms.ts';
import type { Context } from './context.ts';
import { happen, report } from './context.ts';
import { isFloating } from './mlxDtypes.ts';
import { isMlxModule, treeKey } from './mlxKinds.ts';
import type { Laziness, State } from './state.ts';
import type { DictValue, MlxArrayValue, SequenceValue, TransformedValue, Value } from './values.ts';
import { arrayIds } from './values.ts';

/** Whether the MLX arrays of a value are computed; null when it holds none. */
export function lazinessOf(state: State, value: Value): Laziness | null {
  if (!holdsArrays.has(value.kind)) return null;
  let result: Laziness | null = null;
  for (const id of idsIn(state, [value])) {
    const evaluated = state.arrays.get(id)?.evaluated ?? 'unknown';
    result = result === null || result === evaluated ? evaluated : 'unknown';
  }
  return result;
}

const holdsArrays: ReadonlySet<Value['kind']> = new Set([
  'mlxArray',
  'sequence',
  'dict',
  'mlxTree',
]);

/** The MLX arrays in values, also inside tuples, lists and dicts. */
export function arraysIn(state: State | null, values: readonly Value[]): readonly MlxArrayValue[] {
  if (!values.some(mayHoldArrays)) return none;
  const found: MlxArrayValue[] = [];
  const visit = (value: Value, depth: number): void => {
    if (value.kind === 'mlxArray') found.push(value);
    else if ((value.kind === 'sequence' || value.kind === 'dict') && depth < deepestContainer)
      for (const inner of contentsOf(state, value)) visit(inner, depth + 1);
    // An optimizer is no container of arrays: mx.eval(optimizer) computes nothing.
    else if (value.kind === 'mlxTree' || isMlxModule(value)) {
      const id = state?.trees.get(treeKey(value) ?? '');
      if (id !== undefined) found.push({ kind: 'mlxArray', id, dtype: null });
    }
  };
  for (const value of values) visit(value, 0);
  return found;
}

const none: readonly MlxArrayValue[] = [];

const mayHoldArrays = (value: Value): boolean => holdsArrays.has(value.kind) || isMlxModule(value);

/** A list that was appended to itself ends here. */
const deepestContainer = 8;

/** The elements of a container, with those that were added since it was written. */
export function contentsOf(
  state: State | null,
  value: SequenceValue | DictValue,
): readonly Value[] {
  const written = value.kind === 'dict' ? [...value.entries.values()] : value.elements;
  const added = value.id === undefined ? undefined : state?.added.get(value.id);
  return added === undefined ? written : [...written, ...added];
}

/** A container of the same form with other contents. */
export function copyContainer<Container extends SequenceValue | DictValue>(
  context: Context,
  container: Container,
  copy: (value: Value) => Value,
): Container {
  const added = container.id === undefined ? undefined : context.state?.added.get(container.id);
  const id = container.id === undefined ? undefined : context.newId();
  if (id !== undefined && added !== undefined) context.state?.added.set(id, added.map(copy));
  const written =
    container.kind === 'dict'
      ? { entries: new Map([...container.entries].map(([key, value]) => [key, copy(value)])) }
      : { elements: container.elements.map(copy) };
  return { ...container, ...written, ...(id === undefined ? {} : { id }) };
}

/** A list or dict has grown by these. */
export function addTo(
  state: State,
  container: SequenceValue | DictValue,
  values: readonly Value[],
): void {
  if (container.id === undefined) return;
  const before = state.added.get(container.id) ?? [];
  state.added.set(container.id, [...before, ...values]);
}

export const idsIn = (state: State, values: readonly Value[]): number[] =>
  arraysIn(state, values).flatMap(arrayIds);

/** The arrays and all that they are computed from; with `differentiable`, as far as a gradient goes. */
export function withInputs(state: State, ids: readonly number[], differentiable = false): number[] {
  const found = new Set<number>();
  const pending = [...ids];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (found.has(id) || (differentiable && state.arrays.get(id)?.isConstant)) continue;
    found.add(id);
    pending.push(...(state.arrays.get(id)?.before ?? []));
  }
  return [...found];
}

/** MLX records an operation on `inputs`, or copies data, which is no work to come. */
export function recordArray(
  context: Context,
  inputs: readonly Value[],
  dtype: string | null,
  node: Expression,
  evaluated: Laziness = 'lazy',
): MlxArrayValue {
  const id = context.newId();
  const state = context.state;
  context.usesArrays = true;
  if (state !== null) {
    if (evaluated === 'lazy') happen(context, { kind: 'record', node, array: id });
    const fromHost =
      context.transforms.length > 0 ? inputs.flatMap(({ fromHost: from }) => from ?? []) : [];
    state.arrays.set(id, {
      evaluated,
      before: idsIn(state, inputs),
      recorded: state.trail.number,
      node,
      ...(fromHost.length > 0 ? { fromHost } : {}),
      ...(dtype !== null && !isFloating(dtype) ? { isConstant: true } : {}),
    });
  }
  return { kind: 'mlxArray', id, dtype, origin: node };
}

/** `x[0] = value`: the array is lazy again, and so it is for everybody who holds it. */
export function writeArray(
  context: Context,
  array: MlxArrayValue,
  inputs: readonly Value[],
  node: Expression,
): void {
  const state = context.state;
  if (state === null) return;
  happen(context, { kind: 'record', node, array: array.id });
  for (const id of arrayIds(array)) {
    const before = state.arrays.get(id);
    state.arrays.set(id, {
      evaluated: array.alternatives === undefined ? 'lazy' : 'unknown',
      before: [...(before?.before ?? []), ...idsIn(state, inputs)],
      recorded: before?.recorded ?? state.trail.number,
    });
  }
}

/** The gradient takes the array for a constant. */
export function stopGradient({ state }: Context, { id }: MlxArrayValue): void {
  const known = state?.arrays.get(id);
  if (known !== undefined) state?.arrays.set(id, { ...known, isConstant: true });
}

/** An array whose history is not known. */
export function foreignArray(context: Context, node: Expression | undefined): MlxArrayValue {
  const id = context.newId();
  context.usesArrays = true;
  context.state?.arrays.set(id, { evaluated: 'unknown', before: [], recorded: 0 });
  return node === undefined
    ? { kind: 'mlxArray', id, dtype: null }
    : { kind: 'mlxArray', id, dtype: null, origin: node };
}

/** The host needs the values: MLX computes them and all that they are made from. */
export function forceArrays(context: Context, values: readonly Value[], node: Expression): void {
  const state = context.state;
  if (state === null) return;
  const targets = idsIn(state, values);
  const traced = tracedBy(context, targets);
  if (traced !== null && isGradient(traced)) context.hostRead = node;
  const computed = settle(state, targets, 'computed');
  const { thread } = context;
  if (thread !== null && computed.some((id) => id < thread.firstInnerId))
    report(context, { kind: 'foreignStream', node, thread: thread.node, stream: null });
  if (targets.length > 0)
    report(context, { kind: 'evaluation', node, values, computed: computed.length, traced });
  happen(context, { kind: 'force', node, targets, computed });
}

const isGradient = ({ transform }: TransformedValue): boolean =>
  transformKinds.get(transform)?.endsWith('radient') ?? false;

/** The innermost transform whose own arrays these are made of. */
function tracedBy(context: Context, ids: readonly number[]): TransformedValue | null {
  const { state, transforms } = context;
  if (state === null || transforms.length === 0) return null;
  const all = withInputs(state, ids);
  const differentiable = withInputs(state, ids, true);
  const found = transforms.findLast(({ traced, value }) =>
    (isGradient(value) ? differentiable : all).some((id) => traced.has(id)),
  );
  return found?.value ?? null;
}

/** `mx.async_eval`: MLX begins to compute and the program goes on. */
export function scheduleArrays(context: Context, values: readonly Value[], node: Expression): void {
  const state = context.state;
  if (state === null) return;
  const ids = settle(state, idsIn(state, values), 'scheduled');
  happen(context, { kind: 'schedule', node, scheduled: ids });
}

/** `mx.synchronize()`: what has been scheduled is computed, what is lazy stays so. */
export function waitForArrays(context: Context, node: Expression): void {
  const state = context.state;
  if (state === null) return;
  for (const [id, array] of state.arrays.all()) {
    if (array.evaluated === 'scheduled') state.arrays.set(id, { ...array, evaluated: 'computed' });
  }
  happen(context, { kind: 'wait', node });
}

/** Sets the arrays and their inputs to `to`; returns those that were lazy. */
function settle(
  state: State,
  targets: readonly number[],
  to: 'scheduled' | 'computed',
): readonly number[] {
  const lazy: number[] = [];
  for (const id of withInputs(state, targets)) {
    const array = state.arrays.get(id);
    if (array === undefined || array.evaluated === 'computed' || array.evaluated === to) continue;
    if (array.evaluated === 'lazy') lazy.push(id);
    state.arrays.set(id, { ...array, evaluated: to });
  }
  return lazy;
}
