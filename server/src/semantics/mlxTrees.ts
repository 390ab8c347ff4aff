import type { CallExpression, Expression } from '../syntax/tree.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, compiling, happen } from './context.ts';
import { unmodelled } from './effects.ts';
import { arraysIn, forceArrays, foreignArray, recordArray } from './laziness.ts';
import type { TracedEffect } from './lazinessFacts.ts';
import { isMlxModule, treeKey } from './mlxKinds.ts';
import type { DictValue, MlxArrayValue, SequenceValue, Value } from './values.ts';
import { unknown } from './values.ts';

/**
 * All arrays of a module (its parameters) or of an optimizer (its state) count as one: they are updated
 * together, and together they are computed.
 */
export function treeArray(context: Context, owner: Value): MlxArrayValue | null {
  const key = treeKey(owner);
  const { state } = context;
  if (key === null || state === null) return null;
  const known = state.trees.get(key);
  if (known !== undefined) return { kind: 'mlxArray', id: known, dtype: null };
  const array = foreignArray(context, undefined);
  state.trees.set(key, array.id);
  return array;
}

/** `model.update(…)`, `optimizer.update(model, …)`: the arrays are lazy now, and made of `inputs`. */
function updateTree(
  context: Context,
  owner: Value,
  inputs: readonly Value[],
  node: Expression,
): void {
  const key = treeKey(owner);
  const before = treeArray(context, owner);
  if (key === null || before === null) return;
  const array = recordArray(context, [before, ...inputs], null, node);
  context.state?.trees.set(key, array.id);
}

/** A dict of arrays whose names are not known, such as parameters and gradients. */
export const treeOf = (array: MlxArrayValue): Value => ({
  kind: 'dict',
  entries: new Map([['\0', array]]),
});

/** The optimizer makes new parameters of the gradients; MLX computes them when they are asked for. */
function updateModel(
  context: Context,
  optimizer: Value,
  args: CallArguments,
  node: CallExpression,
): void {
  const [model = unknown] = args.positional;
  noteEffect(context, 'update', node);
  const inputs = [optimizer, ...args.positional].flatMap((value) =>
    treeKey(value) === null ? [value] : (treeArray(context, value) ?? []),
  );
  // Nothing to update: a test of a schedule.
  const isEmpty = (value: Value): boolean =>
    value.kind === 'dict' && arraysIn(context.state, [value]).length === 0;
  if (args.positional.every(isEmpty)) return;
  const array = recordArray(context, inputs, null, node);
  for (const owner of [model, optimizer]) {
    const key = treeKey(owner);
    if (key !== null) context.state?.trees.set(key, array.id);
  }
  // Compiled without outputs=, it updates nothing in any round.
  const trace = compiling(context);
  if (trace === undefined || trace.value.keywords.has('outputs'))
    happen(context, { kind: 'update', node, array: array.id });
}

/** Something that a compiled function does only while MLX traces it. */
export function noteEffect(context: Context, effect: TracedEffect, node: Expression): void {
  if (context.departure === null) compiling(context)?.effects.push({ effect, node });
}

/** Arrays are put into a list or dict: one from outside of the compiled function gets them once. */
export function noteAddition(
  context: Context,
  { id }: SequenceValue | DictValue,
  values: readonly Value[],
  node: Expression,
): void {
  const trace = compiling(context);
  if (trace === undefined || id === undefined || id >= trace.firstInnerId) return;
  // `traces.append(1)` counts the traces and means to.
  if (arraysIn(context.state, values).length > 0) noteEffect(context, 'append', node);
}

/** Methods of an optimizer, and of what is called as one: `optimizer.update(model, gradients)`. */
export function callOptimizerMethod(
  context: Context,
  optimizer: Value,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (name === 'update') {
    updateModel(context, optimizer, args, node);
    return unknown;
  }
  if (name === 'apply_gradients') {
    const [gradients = unknown] = args.positional;
    const array = recordArray(context, [gradients], null, node);
    updateTree(context, optimizer, [gradients], node);
    return treeOf(array);
  }
  return unknown;
}

/** Does a call of an unknown object update a model of MLX? Its second argument are gradients of MLX. */
export const isModelUpdate = (context: Context, name: string, args: CallArguments): boolean =>
  name === 'update' &&
  args.positional.length === 2 &&
  args.positional[1]?.kind === 'dict' &&
  arraysIn(context.state, args.positional.slice(1)).some(({ origin }) => origin?.kind === 'call');

const parameterMethods = new Set(['parameters', 'trainable_parameters']);
const updating = new Set(['update', 'load_weights', 'apply', 'set_dtype', 'update_modules']);

/** Methods that every mlx.nn.Module has. */
export function callMlxModuleMethod(
  context: Context,
  module: Value,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (parameterMethods.has(name)) {
    const array = treeArray(context, module);
    return array === null ? unknown : treeOf(array);
  }
  // They raise; who ports the file takes them for the module.
  if (name === 'to' || name === 'cuda' || name === 'cpu' || name === 'mps') return module;
  const values = allValues(args);
  if (name === 'save_weights') {
    forceArrays(context, [module], node);
    return unknown;
  }
  if (updating.has(name)) {
    updateTree(context, module, values, node);
    return module;
  }
  if (arraysIn(context.state, values).length > 0) unmodelled(context, values, node);
  return unknown;
}

/** What a module computes depends on its parameters. */
export function dependOnModule(context: Context, module: Value, result: Value): void {
  const parameters = isMlxModule(module) ? treeArray(context, module) : null;
  const { state } = context;
  if (parameters === null || state === null) return;
  for (const { id } of arraysIn(state, [result])) {
    const array = state.arrays.get(id);
    if (array !== undefined && id !== parameters.id)
      state.arrays.set(id, { ...array, before: [...array.before, parameters.id] });
  }
}
