import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { happen } from './context.ts';
import { idsIn, withInputs } from './laziness.ts';
import type { State } from './state.ts';
import type { Device, TensorValue, Value } from './values.ts';
import { isCertainly, unknown } from './values.ts';

/** torch enqueues work: only the Mac's GPU computes after the call has returned. */
export function work(context: Context, device: Device | null, node: Expression): void {
  if (isCertainly(device, 'mps')) happen(context, { kind: 'work', node });
}

/** The host reads a tensor: torch waits for all that was enqueued on its device. */
export function readTensor(context: Context, value: TensorValue, node: Expression): void {
  if (!isCertainly(value.device, 'cpu')) happen(context, { kind: 'sync', node });
}

/** A call without a model: its arguments may have been evaluated, moved or changed. */
export function unmodelled(
  context: Context,
  values: readonly Value[],
  node: Expression,
  reach: 'anything' | 'arguments' = 'anything',
): void {
  const state = context.state;
  if (state === null) return;
  for (const id of withInputs(state, idsIn(state, values))) {
    const array = state.arrays.get(id);
    if (array?.evaluated === 'lazy' || array?.evaluated === 'scheduled')
      state.arrays.set(id, { ...array, evaluated: 'unknown' });
  }
  for (const value of values) {
    if (value.kind === 'torchModule' || value.kind === 'instance')
      moveModule(context, value.id, null);
    if (value.kind === 'instance' && context.usesArrays) forgetArrays(state, value.id);
  }
  happen(context, { kind: 'unmodelled', node, reach });
}

/** Who is given an object may give it other arrays, and the objects that it holds as well. */
function forgetArrays({ variables }: State, object: number): void {
  const reached = new Set([object]);
  const all = variables.all();
  for (const id of reached)
    for (const [key, value] of all) {
      if (!key.startsWith(`object#${id}.`)) continue;
      if (value.kind === 'mlxArray') variables.set(key, unknown);
      else if (value.kind === 'instance') reached.add(value.id);
    }
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
