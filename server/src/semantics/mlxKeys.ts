import type { CallExpression } from '../syntax/tree.ts';
import { mlxOperations } from '../tables/mlxOperations.ts';
import type { CallArguments, Context } from './context.ts';
import { report } from './context.ts';
import type { Value } from './values.ts';

/** The key that a function of mx.random is given, by name or by place; undefined: none. */
function keyOf(name: string, { keywords, positional, positionalNodes }: CallArguments) {
  const place = mlxOperations.get(name)?.parameters.indexOf('key') ?? -1;
  const value = positional[place];
  const node = positionalNodes[place];
  return (
    keywords.get('key') ?? (value === undefined || node === undefined ? undefined : { value, node })
  );
}

/** Does it draw from mx.random.state? */
export function drawsFromState(name: string, args: CallArguments): boolean {
  if (!mlxOperations.get(name)?.parameters.includes('key') || args.open) return false;
  const key = keyOf(name, args)?.value;
  return key === undefined || (key.kind === 'constant' && key.value === null);
}

/** `mx.random.normal((3,), key=key)` has drawn `result`: the key is used from here on. */
export function useKey(
  context: Context,
  name: string,
  args: CallArguments,
  result: Value,
  node: CallExpression,
): void {
  const key = keyOf(name, args);
  const { state } = context;
  if (state === null || key?.value.kind !== 'mlxArray' || result.kind !== 'mlxArray') return;
  if (!name.startsWith('mlx.core.random.') || name === 'mlx.core.random.split') return;
  const { dtype, shape } = result;
  if (dtype === null || shape === undefined || shape.includes(null) || isTest(context)) return;
  const kind = `${name} ${dtype} ${shape.join('x')}`;
  const first = state.usedKeys.get(key.value.id);
  if (first === undefined) state.usedKeys.set(key.value.id, { node, kind });
  else if (first.kind === kind)
    report(context, { kind: 'keyReuse', node, argument: key.node, first: first.node });
}

/** Tests draw the same numbers on purpose. */
const isTest = ({ running }: Context): boolean =>
  running.some((body) => body.kind === 'function' && /^test/i.test(body.name.text));
