import type { CallExpression } from '../syntax/tree.ts';
import { mlxForcing, mlxForcingMethods, mlxInert } from '../tables/mlxEvaluation.ts';
import { mlxArrayFunctions, torchMethodPorts } from '../tables/mlxFunctions.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues } from './context.ts';
import { dtypeNamed } from './dtypes.ts';
import { unmodelled } from './effects.ts';
import {
  contentsOf,
  forceArrays,
  foreignArray,
  recordArray,
  scheduleArrays,
  waitForArrays,
} from './laziness.ts';
import { callOperation } from './mlxArrays.ts';
import { drawsFromState, useKey } from './mlxKeys.ts';
import { isMlxModule, isMlxOptimizer } from './mlxKinds.ts';
import { callMlxLibrary } from './mlxModules.ts';
import { callStreamFunction } from './mlxStreams.ts';
import { noteEffect } from './mlxTrees.ts';
import { transform } from './transforms.ts';
import type { MlxArrayValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** Functions of `mlx.` by canonical name. */
export function callMlx(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const values = allValues(args);
  if (mlxForcing.has(name)) {
    // A model, a state or something unknown is given: what it computes is not known.
    if (values.some((value) => isOpaque(context, value))) unmodelled(context, values, node);
    forceArrays(context, values, node);
    return unknown;
  }
  if (name === 'mlx.core.async_eval') {
    if (values.some((value) => isOpaque(context, value))) unmodelled(context, values, node);
    scheduleArrays(context, values, node);
    return unknown;
  }
  if (name === 'mlx.core.synchronize') {
    waitForArrays(context, node);
    return unknown;
  }
  const stream = callStreamFunction(context, name, args, node);
  if (stream !== null) return stream;
  if (name === 'mlx.core.disable_compile') context.neverCompiles = true;
  if (name === 'mlx.core.enable_compile') context.neverCompiles = false;
  if (mlxInert.has(name)) return unknown;
  const transformed = transform(context, name, args, node);
  if (transformed !== null) return transformed;
  if (drawsFromState(name, args)) noteEffect(context, 'random', node);
  const known =
    callOperation(context, name, args, node) ?? callMlxLibrary(context, name, args, node);
  if (known !== null) {
    useKey(context, name, args, known, node);
    return known;
  }
  if (mlxArrayFunctions.has(name)) {
    const dtype = args.keywords.get('dtype')?.value;
    return recordArray(
      context,
      values,
      dtype === undefined ? null : dtypeNamed(dtype, 'numpy'),
      node,
    );
  }
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (name.startsWith('mlx.core.') && (last.startsWith('load') || last === 'unique'))
    return unknown;
  unmodelled(context, values, node);
  return unknown;
}

/** May it hold arrays that are not known? */
function isOpaque(context: Context, value: Value): boolean {
  if (value.kind === 'sequence' || value.kind === 'dict')
    return contentsOf(context.state, value).some((inner) => isOpaque(context, inner));
  // What is known to hold no arrays, and what is known to hold its own.
  return (
    !['mlxArray', 'constant', 'mlxTree', 'mlxModule', 'tensor', 'ndarray', 'dtype'].includes(
      value.kind,
    ) &&
    !isMlxModule(value) &&
    !isMlxOptimizer(value)
  );
}

/** Methods of an mlx.core.array. */
export function callArrayMethod(
  context: Context,
  array: MlxArrayValue,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (mlxForcingMethods.has(name)) {
    forceArrays(context, [array], node);
    return unknown;
  }
  // It raises AttributeError; what a port of it returns is an array all the same.
  if (torchMethodPorts.has(name)) return foreignArray(context, node);
  const known = callOperation(context, `mlx.core.${name}`, withArray(array, name, args), node);
  if (known !== null) return known;
  if (name.startsWith('__')) return unknown;
  return recordArray(context, [array, ...allValues(args)], null, node);
}

/** `x.astype(mx.float16)`: only an array of MLX takes a dtype of MLX; null: it is something else. */
export function castToMlx(
  context: Context,
  name: string,
  { positional: [dtype] }: CallArguments,
  node: CallExpression,
): Value | null {
  if (name !== 'astype' || dtype?.kind !== 'dtype' || dtype.framework !== 'mlx') return null;
  return { ...foreignArray(context, node), dtype: dtype.name };
}

/** Methods whose sizes or axes may stand alone: `x.reshape(2, -1)`. */
const spreading = new Set(['reshape', 'transpose']);

/** A method is the function of its name with the array in front. */
function withArray(array: MlxArrayValue, name: string, args: CallArguments): CallArguments {
  const { positional } = args;
  const spread = spreading.has(name) && positional.length > 0 && positional[0]?.kind !== 'sequence';
  const rest: readonly Value[] = spread
    ? [{ kind: 'sequence', form: 'tuple', elements: positional }]
    : positional;
  return { ...args, positional: [array, ...rest] };
}
