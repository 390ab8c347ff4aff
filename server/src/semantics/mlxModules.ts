import type { AttributeExpression, CallExpression } from '../syntax/tree.ts';
import { mlxActivations } from '../tables/mlxModules.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, keywordValues, report } from './context.ts';
import { contentsOf } from './laziness.ts';
import { facetsOfArray, recordOperation } from './mlxArrays.ts';
import type { ModuleAttributeFact } from './mlxFacts.ts';
import { isMlxModule, isMlxModuleClass } from './mlxKinds.ts';
import { unknownFacets } from './mlxResults.ts';
import { deviceOfCall } from './mlxStreams.ts';
import { callLoss, callTreeFunction } from './mlxTraining.ts';
import type { InstanceValue, Value } from './values.ts';

export function reportModuleAttribute(
  context: Context,
  node: AttributeExpression,
  module: InstanceValue,
  value: Value,
): void {
  if (!isMlxModuleClass(module.class)) return;
  const { node: body } = context.frame;
  const method = body?.kind === 'function' ? body.name.text : null;
  const holds = holdsModules(context, value);
  report(context, { kind: 'moduleAttribute', node, module, value, holds, method });
}

/** How deep lists of lists are looked into. */
const deepest = 3;

function holdsModules(context: Context, value: Value, depth = 0): ModuleAttributeFact['holds'] {
  if (isMlxModule(value)) return 'module';
  if (depth > deepest) return null;
  if (value.kind === 'sequence' || value.kind === 'dict') {
    const inner = contentsOf(context.state, value).map((each) =>
      holdsModules(context, each, depth + 1),
    );
    if (inner.every((each) => each === null)) return null;
    // A tuple hides also what lies in a list of tuples.
    const isTuple = value.kind === 'sequence' && value.form !== 'list';
    return isTuple || inner.includes('tuple') ? 'tuple' : 'list';
  }
  return value.kind === 'instance' ? containerHolds(context, value) : null;
}

/** An object of a class of the file, derived from nothing, with modules in its attributes. */
function containerHolds(context: Context, { id, class: owner }: InstanceValue): 'container' | null {
  if (owner.libraryBases.length > 0) return null;
  const prefix = `object#${id}.`;
  for (const [key, value] of context.state?.variables.all() ?? []) {
    if (
      key.startsWith(prefix) &&
      value.kind !== 'instance' &&
      holdsModules(context, value, 1) !== null
    )
      return 'container';
  }
  return null;
}

const className = /^mlx\.(?:nn|optimizers)\.(?:\w+\.)*[A-Z]\w*$/;

/** Classes and functions of mlx.nn and mlx.optimizers; null where nothing is known. */
export function callMlxLibrary(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value | null {
  if (className.test(name)) {
    if (name.startsWith('mlx.nn.')) return { kind: 'mlxModule', class: name, origin: node };
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
    const facets = input.kind === 'mlxArray' ? facetsOfArray(input) : unknownFacets;
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
