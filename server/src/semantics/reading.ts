import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { report } from './context.ts';
import { readTensor } from './effects.ts';
import { arraysIn, forceArrays } from './laziness.ts';
import type { Value } from './values.ts';

/** The value is needed on the host: MLX computes it, torch waits for its device. */
export function read(context: Context, value: Value, node: Expression): void {
  if (arraysIn(context.state, [value]).length > 0) forceArrays(context, [value], node);
  if (value.kind === 'tensor') readTensor(context, value, node);
}

/** The value is asked whether it is true: an array is computed, a list of arrays is not. */
export function readTruth(context: Context, value: Value, node: Expression): void {
  if (value.kind === 'mlxArray') report(context, { kind: 'arrayTest', node, array: value });
  if (value.kind === 'mlxArray' || value.kind === 'tensor') readNumbers(context, value, node);
}

/** A text or a test is made of it. */
export function readNumbers(context: Context, value: Value, node: Expression): void {
  if (value.kind === 'tensor') report(context, { kind: 'tensorRead', node, device: value.device });
  read(context, value, node);
}
