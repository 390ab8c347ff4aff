import type { AttributeExpression, CallExpression, NameExpression } from '../syntax/tree.ts';
import { mlxActivations, mlxModuleShapes, mlxOpaqueModules } from '../tables/mlxModules.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, keywordValues, report } from './context.ts';
import { callFreshModule, rememberFreshModule } from './freshModules.ts';
import { contentsOf } from './laziness.ts';
import { facetsOfArray, recordOperation } from './mlxArrays.ts';
import { isFloating } from './mlxDtypes.ts';
import type { ModuleAttributeFact } from './mlxFacts.ts';
import { isMlxModule, isMlxModuleClass } from './mlxKinds.ts';
import type { Facets } from './mlxResults.ts';
import { unknownFacets } from './mlxResults.ts';
import type { Shape } from './mlxShapes.ts';
import { integerOf } from './mlxShapes.ts';
import { deviceOfCall } from './mlxStreams.ts';
import { callLoss, callTreeFunction } from './mlxTraining.ts';
import type { InstanceValue, MlxArrayValue, MlxModuleValue, Value } from './values.ts';

export function reportModuleAttribute(
  context: Context,
  node: AttributeExpression,
  module: InstanceValue,
  value: Value,
): void {
  if (!isMlxModuleClass(module.class)) return;
  const { node: body } = context.frame;
  const method = body?.kind === 'function' ? body.name.text : null;
  const held: Value[] = [];
  const holds = holdsModules(context, value, held);
  const { statement } = context;
  const isGiven =
    statement.kind === 'assign' &&
    statement.value.kind === 'name' &&
    body?.parameters.some(({ name }) => name?.text === (statement.value as NameExpression).id) ===
      true;
  report(context, { kind: 'moduleAttribute', node, module, value, holds, held, isGiven, method });
}

/** How deep lists of lists are looked into. */
const deepest = 3;

/** How a value holds modules; adds them to `held`. */
function holdsModules(
  context: Context,
  value: Value,
  held: Value[],
  depth = 0,
): ModuleAttributeFact['holds'] {
  if (isMlxModule(value)) {
    held.push(value);
    return 'module';
  }
  if (depth > deepest) return null;
  if (value.kind === 'sequence' || value.kind === 'dict') {
    const inner = contentsOf(context.state, value).map((each) =>
      holdsModules(context, each, held, depth + 1),
    );
    if (inner.every((each) => each === null)) return null;
    // A tuple hides also what lies in a list of tuples.
    const isTuple = value.kind === 'sequence' && value.form !== 'list';
    return isTuple || inner.includes('tuple') ? 'tuple' : 'list';
  }
  return value.kind === 'instance' ? containerHolds(context, value, held) : null;
}

/** An object of a class of the file, derived from nothing, with modules in its attributes. */
function containerHolds(
  context: Context,
  { id, class: owner }: InstanceValue,
  held: Value[],
): 'container' | null {
  if (owner.libraryBases.length > 0) return null;
  const prefix = `object#${id}.`;
  for (const [key, value] of context.state?.variables.all() ?? []) {
    if (key.startsWith(prefix) && value.kind !== 'instance') holdsModules(context, value, held, 1);
  }
  return held.length > 0 ? 'container' : null;
}

/** The modules in the attributes of a module, and in theirs. */
export function modulesIn(context: Context, module: Value, depth = 0): Value[] {
  if (module.kind !== 'instance' || depth > deepest) return [];
  const prefix = `object#${module.id}.`;
  const held: Value[] = [];
  for (const [key, value] of context.state?.variables.all() ?? [])
    if (key.startsWith(prefix)) holdsModules(context, value, held);
  return held.flatMap((part) => [part, ...modulesIn(context, part, depth + 1)]);
}

const className = /^mlx\.(?:nn|optimizers)\.(?:\w+\.)*[A-Z]\w*$/;

function madeModule(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const keyword = args.keywords.get('output_dims') ?? args.keywords.get('dims');
  const width = integerOf(args.positional[1] ?? keyword?.value);
  rememberFreshModule(context, name, node);
  const module: Value = { kind: 'mlxModule', class: name, origin: node };
  return width === null || args.open ? module : { ...module, width };
}

/** Calls an object of a class of mlx.nn. Its weights may have any dtype. */
export function callMlxModule(
  context: Context,
  module: MlxModuleValue,
  args: CallArguments,
  node: CallExpression,
): Value {
  callFreshModule(context, module);
  const values = [module, ...allValues(args)];
  const name = module.class ?? '';
  if (mlxOpaqueModules.has(name)) {
    recordOperation(context, name, values, unknownFacets, context.state?.mlxDevice ?? null, node);
    return { kind: 'unknown' };
  }
  const [input] = args.positional;
  const shape = input?.kind === 'mlxArray' ? returnedShape(module, input.shape) : null;
  const facets = { dtype: null, shape };
  return recordOperation(context, name, values, facets, context.state?.mlxDevice ?? null, node);
}

function returnedShape(module: MlxModuleValue, shape: MlxArrayValue['shape']): Shape | null {
  const rule = mlxModuleShapes.get(module.class ?? '');
  if (shape === undefined || rule === undefined) return null;
  const width = module.width ?? null;
  if (rule === 'embedding') return [...shape, width];
  return rule === 'same' ? shape : [...shape.slice(0, -1), width];
}

/** Activations of integers give one or the other dtype. */
const activated = (input: MlxArrayValue): Facets => ({
  ...facetsOfArray(input),
  dtype: input.dtype !== null && isFloating(input.dtype) ? input.dtype : null,
});

/** Classes and functions of mlx.nn and mlx.optimizers; null where nothing is known. */
export function callMlxLibrary(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value | null {
  if (className.test(name)) {
    if (name.startsWith('mlx.nn.')) return madeModule(context, name, args, node);
    return {
      kind: 'object',
      class: name,
      positional: args.positional,
      keywords: keywordValues(args),
      origin: node,
    };
  }
  if (name.startsWith('mlx.nn.losses.')) return callLoss(context, name, args, node);
  const ofTree = callTreeFunction(context, name, args, node);
  if (ofTree !== null) return ofTree;
  const [input] = args.positional;
  if (mlxActivations.has(name) && input !== undefined) {
    const facets = input.kind === 'mlxArray' ? activated(input) : unknownFacets;
    return recordOperation(
      context,
      name,
      allValues(args),
      facets,
      deviceOfCall(context, args),
      node,
    );
  }
  return null;
}
