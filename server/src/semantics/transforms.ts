import type { CallExpression, Expression } from '../syntax/tree.ts';
import { transformKinds } from '../tables/mlxTransforms.ts';
import type { ActiveTransform, CallArguments, Context } from './context.ts';
import { allValues, keywordValues, report } from './context.ts';
import { unmodelled } from './effects.ts';
import { copyContainer, idsIn, recordArray, withInputs } from './laziness.ts';
import { isMlxModule, treeKey } from './mlxKinds.ts';
import { modulesIn } from './mlxModules.ts';
import { integerOf } from './mlxShapes.ts';
import { dependOnModule, treeArray, treeOf } from './mlxTrees.ts';
import type { Captured, State } from './state.ts';
import type { MlxArrayValue, TransformedValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** `mx.compile(f)`, `mx.grad(f)`, `nn.value_and_grad(model, f)`; null when `name` is none of these. */
export function transform(
  context: Context,
  name: string,
  args: CallArguments,
  node: Expression,
): TransformedValue | null {
  if (!transformKinds.has(name)) return null;
  const ofModel = name.startsWith('mlx.nn.');
  const [first = unknown, second = unknown] = args.positional;
  const of = ofModel ? second : first;
  const value: TransformedValue = {
    kind: 'transformed',
    transform: name,
    of,
    id: context.newId(),
    keywords: keywordValues(args),
    ...(ofModel ? { model: first } : {}),
    origin: node,
  };
  if (of.kind === 'function') context.transformed.set(of.node, value);
  return value;
}

/** Runs the function as MLX does: on arrays that stand for those that are given. */
export function callTransformed(
  context: Context,
  value: TransformedValue,
  args: CallArguments,
  node: CallExpression,
): Value {
  const state = context.state;
  if (state === null) return unknown;
  const kind = transformKinds.get(value.transform);
  if (kind === 'compile' && context.neverCompiles) return runTraced(context, value.of, args, node);
  const active = begin(context, value);
  const traced = tracedArguments(context, active, args, node);
  const outer = context.transforms;
  context.transforms = [...outer, active];
  const result = runTraced(context, value.of, traced, node);
  context.transforms = outer;
  finish(context, active, args, node);
  if (kind === 'gradient' || kind === 'valueAndGradient')
    return differentiate(context, value, traced, result, node);
  return kind === 'map' ? recordArray(context, [...allValues(traced), result], null, node) : result;
}

/** Runs a function that MLX traces whenever somebody calls it; parameters said to be arrays are traced. */
export function traceForAnybody(context: Context, value: TransformedValue, run: () => void): void {
  const outer = context.transforms;
  if (!context.neverCompiles) context.transforms = [...outer, begin(context, value)];
  run();
  context.transforms = outer;
}

function begin(context: Context, value: TransformedValue): ActiveTransform {
  const { of } = value;
  const captured = new Map<string, Captured>();
  const parameters = isMlxModule(of) ? treeArray(context, of) : null;
  if (parameters !== null) captured.set(nameOf(of), { id: parameters.id, tree: treeKey(of) });
  return {
    value,
    traced: new Set(),
    firstInnerId: context.newId(),
    captured,
    effects: [],
  };
}

const nameOf = (value: Value): string =>
  value.origin?.kind === 'name' ? value.origin.id : 'the model';

/** Which arguments the transform puts its own arrays in place of, as far as it is known. */
function positionsOf(value: TransformedValue): readonly number[] | 'all' {
  if (transformKinds.get(value.transform) === 'compile' || value.transform === 'mlx.core.vmap')
    return 'all';
  if (value.model !== undefined) return [];
  const given = value.keywords.get('argnums');
  if (given === undefined) return [0];
  const numbers = given.kind === 'sequence' ? given.elements : [given];
  return numbers.flatMap((number) => integerOf(number) ?? []);
}

function tracedArguments(
  context: Context,
  active: ActiveTransform,
  args: CallArguments,
  node: CallExpression,
): CallArguments {
  const positions = positionsOf(active.value);
  const isMapped = active.value.transform === 'mlx.core.vmap';
  const tracer = (value: Value): Value => {
    if (value.kind === 'sequence' || value.kind === 'dict')
      return copyContainer(context, value, tracer);
    if (value.kind !== 'mlxArray') return value;
    const array = recordArray(context, [value], value.dtype, value.origin ?? node);
    active.traced.add(array.id);
    const { shape, ...rest } = value;
    const inner = isMapped ? mappedShape(active.value, shape) : shape;
    return { ...rest, ...(inner === undefined ? {} : { shape: inner }), id: array.id };
  };
  const { model } = active.value;
  for (const part of model === undefined ? [] : [model, ...modulesIn(context, model)]) {
    const parameters = treeArray(context, part);
    if (parameters !== null) active.traced.add(parameters.id);
  }
  return {
    ...args,
    positional: args.positional.map((value, i) =>
      positions === 'all' || positions.includes(i) ? tracer(value) : value,
    ),
    keywords:
      positions === 'all'
        ? new Map(
            [...args.keywords].map(([key, each]) => [key, { ...each, value: tracer(each.value) }]),
          )
        : args.keywords,
  };
}

/** Each call of a mapped function gets a row. */
const mappedShape = (
  { keywords }: TransformedValue,
  shape: MlxArrayValue['shape'],
): MlxArrayValue['shape'] => (keywords.has('in_axes') ? undefined : shape?.slice(1));

function runTraced(context: Context, of: Value, args: CallArguments, node: CallExpression): Value {
  switch (of.kind) {
    case 'function':
      return context.invoke(of, args, node);
    case 'transformed':
      return callTransformed(context, of, args, node);
    case 'instance': {
      const member = of.class.members.get('__call__');
      if (member?.kind !== 'function') return callAnyModule(context, of, args, node);
      const result = context.invoke({ ...member, self: of }, args, node);
      dependOnModule(context, of, result);
      return result;
    }
    case 'mlxModule':
      return callAnyModule(context, of, args, node);
    default:
      unmodelled(context, allValues(args), node);
      return unknown;
  }
}

const callAnyModule = (
  context: Context,
  of: Value,
  args: CallArguments,
  node: CallExpression,
): Value =>
  isMlxModule(of) ? recordArray(context, [of, ...allValues(args)], null, node) : unknown;

/** Tells what a trace did once, and which names it saw otherwise than the call before. */
function finish(
  context: Context,
  active: ActiveTransform,
  args: CallArguments,
  node: CallExpression,
): void {
  const state = context.state;
  if (state === null) return;
  const { value, effects, captured } = active;
  const isCompiled = transformKinds.get(value.transform) === 'compile';
  if (isCompiled) {
    const trains = effects.some(({ effect }) => effect === 'update');
    for (const { effect, node: place } of effects)
      report(context, { kind: 'tracedEffect', node: place, effect, compiled: value, trains });
  }
  const before = state.traces.get(value.id);
  const stale = [...(before ?? [])].flatMap(([name, { id }]) => {
    const now = captured.get(name);
    return now === undefined || now.id === id ? [] : [name];
  });
  // What the function itself has changed is another matter.
  if (before === undefined) state.traces.set(value.id, unchanged(state, active));
  report(context, {
    kind: 'transformedCall',
    node,
    transformed: value,
    positional: args.positional,
    stale: isCompiled ? stale : [],
  });
}

const unchanged = (
  { trees }: State,
  { captured }: ActiveTransform,
): ReadonlyMap<string, Captured> =>
  new Map([...captured].filter(([, { id, tree }]) => tree === null || trees.get(tree) === id));

function differentiate(
  context: Context,
  value: TransformedValue,
  args: CallArguments,
  result: Value,
  node: CallExpression,
): Value {
  const state = context.state;
  const { of } = value;
  const loss = result.kind === 'sequence' ? (result.elements[0] ?? unknown) : result;
  // What is wrong in another file is found there.
  if (state !== null && of.kind === 'function' && of.source === context.home) {
    const inputs = withInputs(state, idsIn(state, [loss]), true);
    const fromHost = inputs.flatMap((id) => state.arrays.get(id)?.fromHost ?? []);
    const unreduced =
      loss.kind === 'mlxArray' && loss.origin !== undefined && context.unreduced.has(loss.origin)
        ? loss.origin
        : null;
    report(context, { kind: 'differentiated', node, function: of.node, fromHost, unreduced });
  }
  context.steps.add(node);
  const gradient = recordArray(context, [...allValues(args), result], null, node);
  const gradients = gradientsOf(value, args, gradient, node);
  return transformKinds.get(value.transform) === 'gradient'
    ? gradients
    : { kind: 'sequence', form: 'tuple', elements: [result, gradients], origin: node };
}

/** One for each argument that `argnums` names, of its shape; for a module, for all that it holds. */
function gradientsOf(
  value: TransformedValue,
  args: CallArguments,
  gradient: MlxArrayValue,
  node: CallExpression,
): Value {
  const argument = (position: number | null): Value => {
    const given = position === null ? undefined : args.positional[position];
    return given?.kind === 'mlxArray'
      ? { ...given, id: gradient.id, origin: node }
      : treeOf(gradient);
  };
  const numbers = value.keywords.get('argnums');
  if (value.model !== undefined) return treeOf(gradient);
  if (numbers === undefined) return argument(0);
  if (numbers.kind !== 'sequence') return argument(integerOf(numbers));
  const elements = numbers.elements.map((number) => argument(integerOf(number)));
  return { kind: 'sequence', form: 'tuple', elements, origin: node };
}
