import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import type { Value } from './values.ts';

/**
 * While a function is differentiated: a number that was taken off the graph, or is made of one,
 * remembers where. The gradient knows nothing of it.
 */
export function withHost(
  context: Context,
  result: Value,
  inputs: readonly Value[],
  node: Expression,
): Value {
  if (context.transforms.length === 0) return result;
  if (result.kind !== 'unknown' && result.kind !== 'ndarray') return result;
  const fromHost =
    context.hostRead === node
      ? node
      : inputs.find((input) => input.fromHost !== undefined)?.fromHost;
  return fromHost === undefined ? result : { ...result, fromHost };
}
