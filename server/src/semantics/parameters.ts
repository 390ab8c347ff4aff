import type { Expression, Parameter } from '../syntax/tree.ts';
import type { CallArguments, Context, Frame, KeywordArgument } from './context.ts';
import { lookUp } from './context.ts';
import { foreignArray } from './laziness.ts';
import type { FunctionValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** Binds the parameters of a function that is about to run; null arguments: any caller. */
export function bindParameters(
  context: Context,
  callee: FunctionValue,
  frame: Frame,
  args: CallArguments | null,
): void {
  const state = context.state;
  if (state === null) return;
  const positional = [...(callee.self ? [callee.self] : []), ...(args?.positional ?? [])];
  const named = new Map(args?.keywords);
  let next = 0;
  for (const parameter of callee.node.parameters) {
    if (parameter.name === null) continue;
    const name = parameter.name.text;
    let value: Value = unknown;
    if (parameter.form === 'star') {
      if (args !== null && !args.open)
        value = { kind: 'sequence', form: 'tuple', elements: positional.slice(next) };
      next = positional.length;
    } else if (parameter.form === 'doubleStar') {
      if (args !== null && !args.open) value = dictOf(context, named);
    } else if (parameter.form === 'plain') {
      const given = positional[next] ?? named.get(name)?.value;
      next += 1;
      named.delete(name);
      value = given ?? parameterValue(context, parameter, callee, frame, args);
    }
    const key = `${frame.scopes[0]}:${name}`;
    frame.bound.add(key);
    state.variables.set(key, value);
  }
}

const dictOf = (context: Context, named: ReadonlyMap<string, KeywordArgument>): Value => ({
  kind: 'dict',
  entries: new Map([...named].map(([name, { value }]) => [name, value])),
  id: context.newId(),
});

/** What a parameter is when no argument is known: its default when the call is known not to give it. */
function parameterValue(
  context: Context,
  parameter: Parameter,
  callee: FunctionValue,
  frame: Frame,
  args: CallArguments | null,
): Value {
  const { frame: caller } = context;
  // Defaults and annotations see the names where the function is defined.
  context.frame = { ...frame, scopes: callee.scopes };
  const { defaultValue, annotation } = parameter;
  let value: Value = unknown;
  if (args !== null && !args.open && defaultValue !== null) value = context.evaluate(defaultValue);
  // `queries: torch.Tensor = None` may be either.
  else if (!isNone(defaultValue)) value = annotated(context, annotation);
  context.frame = caller;
  return value;
}

const isNone = (node: Expression | null): boolean =>
  node?.kind === 'constant' && node.value === null;

function annotated(context: Context, annotation: Expression | null): Value {
  if (annotation === null || !isOfLibrary(context, annotation)) return unknown;
  const type = context.evaluate(annotation);
  if (type.kind !== 'library') return unknown;
  if (type.name === 'mlx.core.array') {
    const array = foreignArray(context, undefined);
    context.transforms.at(-1)?.traced.add(array.id);
    return array;
  }
  return isTensor(context, type.name) ? { kind: 'tensor', device: null, dtype: null } : unknown;
}

/** Torch's own, and what a package that is not at hand exports under its name (`from kornia.core import Tensor`). */
const isTensor = ({ state }: Context, name: string): boolean =>
  name === 'torch.Tensor' ||
  (/^\w+(?:\.\w+)*\.Tensor$/.test(name) &&
    name.split('.').length > 2 &&
    state?.loaded.has('torch') === true);

/** A type of another file is nothing that is known here: that file need not be looked into. */
function isOfLibrary(context: Context, annotation: Expression): boolean {
  if (annotation.kind === 'attribute') return isOfLibrary(context, annotation.object);
  return annotation.kind === 'name' && lookUp(context, annotation.id)?.kind === 'library';
}
