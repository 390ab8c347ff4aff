import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { happen } from './context.ts';
import type { State } from './state.ts';
import type { Device, MlxArrayValue, TensorValue, Value } from './values.ts';
import { isCertainly } from './values.ts';

/** torch enqueues work: only the Mac's GPU computes after the call has returned. */
export function work(context: Context, device: Device | null, node: Expression): void {
  if (isCertainly(device, 'mps')) happen(context, { kind: 'work', node });
}

/** The host reads a tensor: torch waits for all that was enqueued on its device. */
export function readTensor(context: Context, value: TensorValue, node: Expression): void {
  if (!isCertainly(value.device, 'cpu')) happen(context, { kind: 'sync', node });
}

/** MLX records an operation on `inputs`. */
export function recordArray(
  context: Context,
  inputs: readonly Value[],
  dtype: string | null,
  node: Expression,
): MlxArrayValue {
  const id = context.newId();
  const state = context.state;
  if (state !== null) {
    happen(context, { kind: 'record', node, array: id });
    state.arrays.set(id, {
      evaluated: 'lazy',
      before: arraysIn(inputs).map((array) => array.id),
      recorded: state.trail.number,
    });
  }
  return { kind: 'mlxArray', id, dtype, origin: node };
}

/** An array whose history is not known. */
export function foreignArray(context: Context, node: Expression | undefined): MlxArrayValue {
  const id = context.newId();
  context.state?.arrays.set(id, { evaluated: 'unknown', before: [], recorded: 0 });
  return node === undefined
    ? { kind: 'mlxArray', id, dtype: null }
    : { kind: 'mlxArray', id, dtype: null, origin: node };
}

/** The MLX arrays in values, also inside tuples, lists and dicts. */
export function arraysIn(values: readonly Value[]): MlxArrayValue[] {
  return values.flatMap((value): MlxArrayValue[] => {
    if (value.kind === 'mlxArray') return [value];
    if (value.kind === 'sequence') return arraysIn(value.elements);
    if (value.kind === 'dict') return arraysIn([...value.entries.values()]);
    return [];
  });
}

/** The arrays and all that they are computed from. */
function closure(state: State, ids: readonly number[]): number[] {
  const found = new Set<number>();
  const pending = [...ids];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    pending.push(...(state.arrays.get(id)?.before ?? []));
  }
  return [...found];
}

export function forceArrays(context: Context, values: readonly Value[], node: Expression): void {
  const state = context.state;
  if (state === null) return;
  const targets = arraysIn(values).map((array) => array.id);
  const computed: number[] = [];
  for (const id of closure(state, targets)) {
    const array = state.arrays.get(id);
    if (array === undefined || array.evaluated === 'computed') continue;
    if (array.evaluated === 'lazy') computed.push(id);
    state.arrays.set(id, { ...array, evaluated: 'computed' });
  }
  happen(context, { kind: 'force', node, targets, computed });
}

/** A call without a model: its arguments may have been evaluated, moved or changed. */
export function unmodelled(context: Context, values: readonly Value[], node: Expression): void {
  const state = context.state;
  if (state === null) return;
  for (const id of closure(
    state,
    arraysIn(values).map((array) => array.id),
  )) {
    const array = state.arrays.get(id);
    if (array?.evaluated === 'lazy') state.arrays.set(id, { ...array, evaluated: 'unknown' });
  }
  for (const value of values) {
    if (value.kind === 'torchModule' || value.kind === 'instance')
      moveModule(context, value.id, null);
  }
  happen(context, { kind: 'unmodelled', node });
}

/** An attribute of a module is a module: it goes where its owner goes. */
export function adopt(context: Context, owner: number, part: number): void {
  const parts = context.submodules.get(owner) ?? new Set();
  context.submodules.set(owner, parts.add(part));
}

/** The module and all its parts are on the device now; null: nobody knows where. */
export function moveModule(context: Context, id: number, device: Device | null): void {
  const moved = new Set<number>();
  const pending = [id];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (moved.has(next)) continue;
    moved.add(next);
    context.state?.modules.set(next, device);
    pending.push(...(context.submodules.get(next) ?? []));
  }
}
