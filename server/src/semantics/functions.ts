import type { Expression, FunctionStatement, LambdaExpression, Parameter } from '../syntax/tree.ts';
import type { CallArguments, Context, Frame } from './context.ts';
import { allValues } from './context.ts';
import { unmodelled } from './effects.ts';
import { foreignArray } from './laziness.ts';
import { declaredOuter } from './scopes.ts';
import { joinStates } from './state.ts';
import type { ClassValue, FunctionValue, InstanceValue, Value } from './values.ts';
import { join, unknown } from './values.ts';

/** Calls nested deeper than this are not followed. */
const maximumDepth = 5;

/** Runs the body of a function of this file with these arguments; null arguments: any caller. */
export function invokeFunction(
  context: Context,
  callee: FunctionValue,
  args: CallArguments | null,
  call: Expression | null,
): Value {
  const { node } = callee;
  const state = context.state;
  if (state === null) return unknown;
  if (context.frame.factScopes.length > maximumDepth || isRunning(context, node)) {
    return notFollowed(context, args, node);
  }
  if (node.kind === 'function' && (node.isAsync || isGenerator(node)) && args !== null) {
    return notFollowed(context, args, node);
  }
  const scope = context.newId();
  const { statement, source, departure, tests } = context;
  const outer = { frame: context.frame, asked: state.asked };
  const frame: Frame = {
    scopes: [scope, ...callee.scopes],
    outer: declaredOuter(node),
    node,
    returns: [],
    loops: [],
    cudaReturns: [],
    bound: new Set(),
    refused: context.frame.refused,
    factScopes: [...context.frame.factScopes, node.start + 1],
  };
  enterFile(context, callee, call);
  bindParameters(context, callee, frame, args);
  context.frame = frame;
  context.running.push(node);
  state.asked = new Set();
  let result: Value = { kind: 'constant', value: null };
  if (node.kind === 'lambda') {
    result = context.evaluate(node.body);
  } else {
    context.execute(node.body);
    result = leaveFunction(context, frame);
  }
  context.running.pop();
  context.frame = outer.frame;
  Object.assign(context, { statement, source, departure, tests });
  if (context.state !== null) {
    context.state.asked = outer.asked;
    // Functions defined inside may still be called: they keep the scope that they close over.
    const closedOver = context.defined.some((inner) => inner.scopes.includes(scope));
    if (!closedOver) for (const key of frame.bound) context.state.variables.delete(key);
  }
  return result;
}

/** The function may be another file's, or this one's that another has been given. */
function enterFile(context: Context, { source }: FunctionValue, call: Expression | null): void {
  if (source === context.source) return;
  context.source = source;
  const { departure, frame, statement, tests } = context;
  if (source === context.home) {
    context.tests = departure?.tests ?? tests;
    context.departure = null;
  } else if (departure === null && call !== null) {
    context.departure = { node: call, statement, frame, tests };
  }
}

function leaveFunction(context: Context, frame: Frame): Value {
  const fallsThrough = context.state !== null;
  let value: Value | null = fallsThrough ? { kind: 'constant', value: null } : null;
  let state = context.state;
  for (const returned of frame.returns) {
    value = value === null ? returned.value : join(value, returned.value);
    state = joinStates(state, returned.state);
  }
  context.state = state;
  return value ?? unknown;
}

const isRunning = (context: Context, node: FunctionStatement | LambdaExpression): boolean =>
  context.running.includes(node);

function notFollowed(
  context: Context,
  args: CallArguments | null,
  node: FunctionStatement | LambdaExpression,
): Value {
  const place: Expression =
    node.kind === 'lambda' ? node : { kind: 'broken', parts: [], start: node.start, end: node.end };
  const values = args === null ? [] : allValues(args);
  unmodelled(context, values, place);
  return unknown;
}

const generators = new WeakMap<FunctionStatement, boolean>();

function isGenerator(node: FunctionStatement): boolean {
  let known = generators.get(node);
  if (known === undefined) {
    known = containsYield(node.body);
    generators.set(node, known);
  }
  return known;
}

function containsYield(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(containsYield);
  if (typeof tree !== 'object' || tree === null) return false;
  const { kind } = tree as { kind?: string };
  if (kind === 'yield') return true;
  if (kind === 'function' || kind === 'lambda' || kind === 'class') return false;
  return Object.values(tree).some(containsYield);
}

function bindParameters(
  context: Context,
  callee: FunctionValue,
  frame: Frame,
  args: CallArguments | null,
): void {
  const state = context.state;
  if (state === null) return;
  const positional =
    args === null ? [] : [...(callee.self ? [callee.self] : []), ...args.positional];
  if (args === null && callee.self !== undefined) positional.push(callee.self);
  let next = 0;
  for (const parameter of callee.node.parameters) {
    if (parameter.name === null) continue;
    const name = parameter.name.text;
    let value: Value = unknown;
    if (parameter.form === 'star') {
      next = positional.length;
    } else if (parameter.form === 'plain') {
      const given = positional[next] ?? args?.keywords.get(name)?.value;
      next += 1;
      value = given ?? parameterValue(context, parameter, args);
    }
    const key = `${frame.scopes[0]}:${name}`;
    frame.bound.add(key);
    state.variables.set(key, value);
  }
}

/** What a parameter is when no argument is known: its default when the call is known not to give it. */
function parameterValue(context: Context, parameter: Parameter, args: CallArguments | null): Value {
  if (args !== null && !args.open && parameter.defaultValue !== null) {
    return context.evaluate(parameter.defaultValue);
  }
  const annotation =
    parameter.annotation === null ? unknown : context.evaluate(parameter.annotation);
  if (annotation.kind === 'library' && annotation.name === 'mlx.core.array')
    return foreignArray(context, undefined);
  if (annotation.kind === 'library' && annotation.name === 'torch.Tensor') {
    return { kind: 'tensor', device: null, dtype: null };
  }
  return unknown;
}

/** Makes an object of a class of this file and runs its `__init__`. */
export function instantiateClass(
  context: Context,
  callee: ClassValue,
  args: CallArguments | null,
  call: Expression | null,
): InstanceValue {
  const id = context.newId();
  const instance: InstanceValue = { kind: 'instance', class: callee, id };
  const state = context.state;
  if (state === null) return instance;
  const isModule = callee.libraryBases.includes('torch.nn.Module');
  if (isModule) state.modules.set(id, state.defaultDevice);
  const init = callee.members.get('__init__');
  if (init?.kind === 'function') invokeFunction(context, { ...init, self: instance }, args, call);
  return instance;
}
