import type { Expression, FunctionStatement, LambdaExpression } from '../syntax/tree.ts';
import type { CallArguments, Context, Frame } from './context.ts';
import { allValues } from './context.ts';
import { unmodelled } from './effects.ts';
import { namesOf } from './handlers.ts';
import { join } from './joins.ts';
import { bindParameters } from './parameters.ts';
import { declaredOuter } from './scopes.ts';
import { joinStates } from './state.ts';
import type { FunctionValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** Calls nested deeper than this are not followed. */
const maximumDepth = 5;

/** Calls of a function are no longer followed when those so far have cost this many steps. */
const maximumCost = 5_000;

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
  const cost = context.costs.get(node) ?? 0;
  const tooDear = args !== null && cost > maximumCost;
  if (context.frame.factScopes.length > maximumDepth || tooDear || isRunning(context, node)) {
    return notFollowed(context, args, node);
  }
  if (args !== null && node.kind === 'function' && isAbstract(node))
    return notFollowed(context, args, node);
  const onYield = callee.binding === 'manager' ? context.onYield : null;
  if (onYield !== null) context.onYield = null;
  else if (node.kind === 'function' && (node.isAsync || isGenerator(callee)) && args !== null) {
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
    cudaNames: new Map(),
    bound: new Set(),
    onYield,
    refused: context.frame.refused,
    factScopes: [...context.frame.factScopes, node.start + 1],
  };
  const before = context.spent();
  const definedBefore = context.defined.length;
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
  // What was cut short has returned nothing that is known.
  if (context.isExhausted()) result = unknown;
  context.running.pop();
  if (args !== null) context.costs.set(node, cost + context.spent() - before);
  context.frame = outer.frame;
  Object.assign(context, { statement, source, departure, tests });
  if (context.state !== null) {
    context.state.asked = outer.asked;
    // Functions defined inside may still be called: they keep the scope that they close over.
    const closedOver = context.defined
      .slice(definedBefore)
      .some((inner) => inner.scopes.includes(scope));
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
  } else if (departure === null) {
    // What an unknown caller runs, such as an inherited `__init__`, is nowhere in the home file.
    context.departure = { node: call ?? noCall, statement, frame, tests };
  }
}

const noCall: Expression = { kind: 'broken', parts: [], start: 0, end: 0 };

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

/** `raise NotImplementedError`, `@abstractmethod`: what is called is the method of a class that is not at hand. */
const isAbstract = ({ body, decorators }: FunctionStatement): boolean =>
  decorators.some((decorator) => namesOf(decorator).some((name) => /^abstract/.test(name))) ||
  body.every(
    (statement, at) =>
      (at === 0 && statement.kind === 'expression' && statement.value.kind === 'string') ||
      (statement.kind === 'raise' &&
        namesOf(
          statement.exception?.kind === 'call' ? statement.exception.callee : statement.exception,
        ).includes('NotImplementedError')),
  );

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

function isGenerator({ node, source }: FunctionValue): boolean {
  if (node.kind === 'lambda') return false;
  let known = generators.get(node);
  if (known === undefined) {
    // Most functions do not have the word in them.
    known = source.text.slice(node.start, node.end).includes('yield') && containsYield(node.body);
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
