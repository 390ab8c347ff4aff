import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { lazinessOf } from './laziness.ts';
import type { Value } from './values.ts';

/** The kinds of values that somebody who reads the program may want to know. */
const observed: ReadonlySet<Value['kind']> = new Set([
  'tensor',
  'ndarray',
  'mlxArray',
  'torchModule',
  'mlxModule',
  'instance',
  'sequence',
  'device',
  'dtype',
]);

/** Remembers what the expression was, or what was bound to the name. */
export function observe(context: Context, node: Expression, value: Value): void {
  const { state } = context;
  if (!observed.has(value.kind) || context.muted || state === null) return;
  const id = value.kind === 'torchModule' || value.kind === 'instance' ? value.id : null;
  const device = id === null ? null : (state.modules.get(id) ?? null);
  const laziness = lazinessOf(context, value);
  context.observations.see(node, { value, laziness, device }, context.reached);
}
