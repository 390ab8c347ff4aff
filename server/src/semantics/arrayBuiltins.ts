import type { CallExpression, Expression } from '../syntax/tree.ts';
import { holdingBuiltins, hostReaders, recordingBuiltins } from '../tables/mlxEvaluation.ts';
import { batchOf } from './collation.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, noArguments, report } from './context.ts';
import { unmodelled } from './effects.ts';
import { join } from './joins.ts';
import { arraysIn, contentsOf, forceArrays, recordArray } from './laziness.ts';
import { rowOf } from './mlxArrays.ts';
import type { SequenceValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** A function of Python or NumPy that is given MLX arrays; null when it does nothing special to them. */
export function callWithArrays(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value | null {
  const values = allValues(args);
  if (arraysIn(context.state, values).length === 0)
    return callWithElements(context, name, args, node);
  if (recordingBuiltins.has(name)) return recordArray(context, values, null, node);
  const [first = unknown] = args.positional;
  if (holdingBuiltins.has(name)) {
    const element = elementOf(context, args.positional.at(-1) ?? unknown, node);
    return name === 'builtins.next' ? element : many(context, element, node);
  }
  if (name === 'builtins.zip') {
    const elements = args.positional.map((value, i) =>
      elementOf(context, value, argumentAt(node, i)),
    );
    return many(context, { kind: 'sequence', form: 'tuple', elements }, node);
  }
  if (name === 'builtins.enumerate') {
    const elements = [unknown, elementOf(context, first, argumentAt(node, 0))];
    return many(context, { kind: 'sequence', form: 'tuple', elements }, node);
  }
  if (name === 'builtins.map') {
    const positional = args.positional.slice(1).map((value) => elementOf(context, value, node));
    if (first.kind === 'function')
      return many(context, context.invoke(first, { ...noArguments, positional }, node), node);
    if (first.kind === 'library' && hostReaders.has(first.name))
      forceArrays(context, positional, node);
    else unmodelled(context, positional, node);
    return unknown;
  }
  if (!hostReaders.has(name) && !name.startsWith('numpy.')) return null;
  if (name === 'builtins.bool' && first.kind === 'mlxArray')
    report(context, { kind: 'arrayTest', node, array: first });
  forceArrays(context, values, node);
  if (name === 'builtins.max' || name === 'builtins.min') {
    return args.positional.length > 1
      ? args.positional.reduce(join)
      : elementOf(context, first, node);
  }
  return name === 'builtins.sorted' ? many(context, elementOf(context, first, node), node) : null;
}

/** What rows are rows of: the array in `enumerate(array)`. */
const argumentAt = (node: CallExpression, index: number): Expression =>
  node.args[index]?.form === 'positional' ? node.args[index].value : node;

/** The same for containers of other things, whose elements are known. */
function callWithElements(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value | null {
  const known = args.positional.some(
    (value) => value.kind === 'sequence' || value.kind === 'object',
  );
  if (!known || args.open) return null;
  const [first = unknown, second] = args.positional;
  if (isOfCudaDevices(first)) return first;
  switch (name) {
    case 'builtins.enumerate':
    case 'builtins.zip': {
      const given = name === 'builtins.zip' ? args.positional : [first];
      const parts = given.map((value) => elementOf(context, value, node));
      const elements = name === 'builtins.zip' ? parts : [unknown, ...parts];
      return many(context, { kind: 'sequence', form: 'tuple', elements }, node);
    }
    case 'builtins.next':
      return second === undefined ? elementOf(context, first, node) : null;
    case 'builtins.iter':
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.reversed':
    case 'builtins.set':
      return many(context, elementOf(context, first, node), node);
    default:
      return null;
  }
}

/** `range(torch.cuda.device_count())`: a Mac has none of them. */
export const isOfCudaDevices = (iterable: Value): boolean =>
  iterable.kind === 'sequence' &&
  iterable.form === 'tuple' &&
  iterable.elements.length === 0 &&
  iterable.choice?.asked.has('cuda') === true;

/** An iterable of unknown length whose elements are like `element`. */
export function many(context: Context, element: Value, node: Expression): SequenceValue {
  const id = context.newId();
  context.state?.added.set(id, [element]);
  return { kind: 'sequence', form: 'list', elements: [], id, origin: node };
}

/** What iterating over a value gives; over an array, its rows, which are lazy. */
export function elementOf(context: Context, value: Value, node: Expression): Value {
  if (value.kind === 'mlxArray') return rowOf(context, value, node);
  if (value.kind === 'object' && value.class === 'torch.utils.data.DataLoader')
    return batchOf(context, value, node);
  if (value.kind !== 'sequence') return unknown;
  const [first, ...others] = contentsOf(context.state, value);
  return others.reduce<Value>(join, first ?? unknown);
}
