import type { AttributeExpression, CallExpression } from '../syntax/tree.ts';
import { mlxActivations } from '../tables/mlxModules.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, keywordValues, report } from './context.ts';
import { facetsOfArray, recordOperation } from './mlxArrays.ts';
import { unknownFacets } from './mlxResults.ts';
import { deviceOfCall } from './mlxStreams.ts';
import type { ClassValue, InstanceValue, Value } from './values.ts';

/** Does an object of this class of the file count as an mlx.nn.Module? */
export const isMlxModuleClass = ({ libraryBases }: ClassValue): boolean =>
  libraryBases.some((name) => /^mlx\.nn\.(?:\w+\.)*[A-Z]\w*$/.test(name));

export const isMlxModule = (value: Value): boolean =>
  value.kind === 'mlxModule' || (value.kind === 'instance' && isMlxModuleClass(value.class));

export function reportModuleAttribute(
  context: Context,
  node: AttributeExpression,
  module: InstanceValue,
  value: Value,
): void {
  if (!isMlxModuleClass(module.class)) return;
  const { node: body } = context.frame;
  const method = body?.kind === 'function' ? body.name.text : null;
  report(context, { kind: 'moduleAttribute', node, module, value, method });
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
