import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { happen } from './context.ts';
import { idsIn, withInputs } from './laziness.ts';
import type { Device, TensorValue, Value } from './values.ts';
import { isCertainly } from './values.ts';

/** torch enqueues work: only the Mac's GPU computes after the call has returned. */
export function work(context: Context, device: Device | null, node: Expression): void {
  if (isCertainly(device, 'mps')) happen(context, { kind: 'work', node });
}

/** The host reads a tensor: torch waits for all that was enqueued on its device. */
export function readTensor(context: Context, value: TensorValue, node: Expression): void {
  if (!isCertainly(value.device, 'cpu')) happen(context, { kind: 'sync', node });
}

/** A call without a model: its arguments may have been evaluated, moved or changed. */
export function unmodelled(context: Context, values: readonly Value[], node: Expression): void {
  const state = context.state;
  if (state === null) return;
  for (const id of withInputs(state, idsIn(state, values))) {
    const array = state.arrays.get(id);
    if (array?.evaluated === 'lazy' || array?.evaluated === 'scheduled')
      state.arrays.set(id, { ...array, evaluated: 'unknown' });
  }
  for (const value of values) {
    if (value.kind === 'torchModule') state.modules.set(value.id, null);
    if (value.kind === 'instance') state.modules.set(value.id, null);
  }
  happen(context, { kind: 'unmodelled', node });
}
