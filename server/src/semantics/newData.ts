import type { Context } from './context.ts';
import { arraysIn } from './laziness.ts';
import type { MlxArrayValue, Value } from './values.ts';

/** `mx.array(data)` copies at once; of an array, or a list of arrays, it is an operation like others. */
export function copyData(context: Context, array: MlxArrayValue, inputs: readonly Value[]): void {
  const { state } = context;
  const known = state?.arrays.get(array.id);
  if (state === null || known === undefined || arraysIn(state, inputs).length > 0) return;
  const isUnknown = inputs.some(({ kind }) => kind === 'unknown');
  state.arrays.set(array.id, { ...known, evaluated: isUnknown ? 'unknown' : 'computed' });
}
