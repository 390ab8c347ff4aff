import type { AttributeExpression, Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import type { Value } from './values.ts';
import { unknown } from './values.ts';

/**
 * Attributes of objects that are not known, such as `args.device = "cuda"`: kept by the name that the
 * object is bound to, until that name is bound anew or the object is given to somebody else.
 */
export function setPath(context: Context, target: AttributeExpression, value: Value): void {
  if (context.usesArrays) forgetArraysOf(context, target.name.text);
  const root = rootOf(context, target.object);
  if (root === null) return;
  const key = `${root}.${target.name.text}`;
  context.rooted.add(root);
  context.frame.bound.add(key);
  context.state?.variables.set(key, value);
}

/** `other.cache = …` may write to any object whose array has that name. */
function forgetArraysOf(context: Context, name: string): void {
  const variables = context.state?.variables;
  for (const [key, value] of variables?.all() ?? [])
    if (value.kind === 'mlxArray' && key.startsWith('object#') && key.endsWith(`.${name}`))
      variables?.set(key, unknown);
}

export function pathValue(context: Context, node: AttributeExpression): Value | undefined {
  if (context.rooted.size === 0) return undefined;
  const root = rootOf(context, node.object);
  return root === null ? undefined : context.state?.variables.get(`${root}.${node.name.text}`);
}

/** Who is given the object may write to it. */
export function forgetPaths(context: Context, node: Expression): void {
  if (context.rooted.size === 0) return;
  const root = rootOf(context, node);
  if (root === null || !context.rooted.has(root)) return;
  const variables = context.state?.variables;
  for (const key of variables?.all().keys() ?? [])
    if (key.startsWith(`${root}.`)) variables?.delete(key);
}

/** The variable that a plain name stands for. */
function rootOf(context: Context, node: Expression): string | null {
  if (node.kind !== 'name') return null;
  const scope = context.frame.scopes.find((each) =>
    context.state?.variables.has(`${each}:${node.id}`),
  );
  return scope === undefined ? null : `${scope}:${node.id}`;
}
