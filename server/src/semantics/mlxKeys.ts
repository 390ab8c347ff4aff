import type { CallExpression } from '../syntax/tree.ts';
import type { CallArguments, Context } from './context.ts';
import { report } from './context.ts';
import type { Value } from './values.ts';

/** `mx.random.normal((3,), key=key)` has drawn `result`: the key is used from here on. */
export function useKey(
  context: Context,
  name: string,
  args: CallArguments,
  result: Value,
  node: CallExpression,
): void {
  const key = args.keywords.get('key');
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
