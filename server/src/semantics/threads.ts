import type { CallExpression, Expression } from '../syntax/tree.ts';
import { elementOf } from './arrayBuiltins.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, noArguments } from './context.ts';
import { unmodelled } from './effects.ts';
import { fork } from './state.ts';
import type { ObjectValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** Classes whose objects run functions in threads of their own. */
export const threadClasses: ReadonlySet<string> = new Set([
  'threading.Thread',
  'threading.Timer',
  'concurrent.futures.ThreadPoolExecutor',
  'concurrent.futures.thread.ThreadPoolExecutor',
]);

/** A method of such an object; null: it starts nothing. */
export function callThreadMethod(
  context: Context,
  object: ObjectValue,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value | null {
  if (!threadClasses.has(object.class)) return null;
  const [first = unknown, ...rest] = args.positional;
  if (object.class === 'threading.Thread' || object.class === 'threading.Timer') {
    if (name !== 'start') return unknown;
    const target = object.keywords.get('target') ?? object.positional[1] ?? unknown;
    const given = object.keywords.get('args');
    const positional = given?.kind === 'sequence' ? given.elements : [];
    runInThread(context, target, { ...noArguments, positional }, node, object.origin ?? node);
    return unknown;
  }
  if (name === 'submit') runInThread(context, first, { ...args, positional: rest }, node, node);
  else if (name === 'map') {
    const positional = rest.map((value) => elementOf(context, value, node));
    runInThread(context, first, { ...noArguments, positional }, node, node);
  } else return null;
  return unknown;
}

/** Runs the function as another thread does: when it gets where nobody knows. */
export function runInThread(
  context: Context,
  target: Value,
  args: CallArguments,
  node: CallExpression,
  thread: Expression,
): void {
  const { state } = context;
  if (state === null) return;
  if (target.kind === 'function') {
    const outer = context.thread;
    context.state = fork(state);
    context.thread = { node: thread, firstInnerId: context.newId() };
    context.invoke(target, args, node);
    context.thread = outer;
    context.state = state;
  }
  unmodelled(context, allValues(args), node);
}
