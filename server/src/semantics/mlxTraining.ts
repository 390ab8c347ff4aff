import type { CallExpression } from '../syntax/tree.ts';
import { unreducedLosses } from '../tables/mlxTransforms.ts';
import { elementOf, many } from './arrayBuiltins.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, noArguments } from './context.ts';
import { arraysIn, contentsOf, recordArray } from './laziness.ts';
import { treeOf } from './mlxTrees.ts';
import type { Value } from './values.ts';
import { unknown } from './values.ts';

/** A function of mlx.nn.losses. */
export function callLoss(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  context.steps.add(node);
  if (isUnreduced(context, name, args)) context.unreduced.add(node);
  return recordArray(context, allValues(args), null, node);
}

/** Is it certain, or as good as that, that the loss is more than one number? */
function isUnreduced(context: Context, name: string, args: CallArguments): boolean {
  const loss = unreducedLosses.get(name);
  const { positional, keywords } = args;
  if (loss === undefined || args.open || keywords.has('reduction') || keywords.has('weights'))
    return false;
  const [first] = positional;
  if (positional.length > loss.reduction || first?.kind !== 'mlxArray') return false;
  if (first.shape !== undefined) return first.shape.length >= loss.axes;
  // One example, as `logits[0]` or in a mapped function, has one loss.
  const isMapped = context.transforms.some(({ value }) => value.transform === 'mlx.core.vmap');
  return !isMapped && first.origin?.kind !== 'subscript';
}

/** Functions on trees of arrays, such as gradients; null: none of them, or no tree that is known. */
export function callTreeFunction(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value | null {
  const values = allValues(args);
  if (arraysIn(context.state, values).length === 0) return null;
  switch (name) {
    case 'mlx.optimizers.clip_grad_norm': {
      const clipped = recordArray(context, values, null, node);
      const norm = recordArray(context, values, null, node);
      return { kind: 'sequence', form: 'tuple', elements: [treeOf(clipped), norm], origin: node };
    }
    case 'mlx.nn.average_gradients':
    case 'mlx.nn.utils.average_gradients':
      return treeOf(recordArray(context, values, null, node));
    case 'mlx.utils.tree_map': {
      const [function_, ...trees] = args.positional;
      if (function_?.kind !== 'function') return null;
      const positional = trees.map((tree) => leafOf(context, tree, node));
      const leaf = context.invoke(function_, { ...noArguments, positional }, node);
      return leaf.kind === 'mlxArray' ? treeOf(leaf) : unknown;
    }
    case 'mlx.utils.tree_flatten': {
      const elements = [unknown, leafOf(context, args.positional[0] ?? unknown, node)];
      return many(context, { kind: 'sequence', form: 'tuple', elements }, node);
    }
    default:
      return null;
  }
}

function leafOf(context: Context, tree: Value, node: CallExpression): Value {
  if (tree.kind === 'dict') return contentsOf(context.state, tree)[0] ?? unknown;
  const [array] = arraysIn(context.state, [tree]);
  return array ?? elementOf(context, tree, node);
}
