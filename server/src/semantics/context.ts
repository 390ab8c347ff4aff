import type {
  Expression,
  ForStatement,
  FunctionStatement,
  IfStatement,
  LambdaExpression,
  Span,
  Statement,
  WhileStatement,
} from '../syntax/tree.ts';
import type { Reached } from './deadFunctions.ts';
import type { Fact, NewFact, SelectorFact } from './facts.ts';
import type { TracedEffect } from './lazinessFacts.ts';
import { isMlxModule, treeKey } from './mlxKinds.ts';
import type { SourceModule } from './moduleSource.ts';
import type { Captured, State } from './state.ts';
import { fork, step } from './state.ts';
import type { Summary } from './summaries.ts';
import type { Environment } from './target.ts';
import type { Trail, TrailEvent } from './trail.ts';
import type { ClassValue, FunctionValue, TransformedValue, Value } from './values.ts';
import { unknown } from './values.ts';
import { withoutMps } from './withoutMps.ts';

export interface KeywordArgument {
  readonly value: Value;
  readonly node: Expression;
}

/** The evaluated arguments of one call. */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly positionalNodes: readonly Expression[];
  readonly keywords: ReadonlyMap<string, KeywordArgument>;
  /** What `*args` and `**kwargs` are. */
  readonly spread: readonly Value[];
  /** True with `*args` or `**kwargs`: more may be passed than is known. */
  readonly open: boolean;
}

export const noArguments: CallArguments = {
  positional: [],
  positionalNodes: [],
  keywords: new Map(),
  spread: [],
  open: false,
};

/** Most calls have plain arguments: nothing is made for those. */
export function allValues({ positional, keywords, spread }: CallArguments): readonly Value[] {
  if (keywords.size === 0 && spread.length === 0) return positional;
  const values = [...positional];
  for (const { value } of keywords.values()) values.push(value);
  values.push(...spread);
  return values;
}

const noKeywords: ReadonlyMap<string, Value> = new Map();

export function keywordValues({ keywords }: CallArguments): ReadonlyMap<string, Value> {
  if (keywords.size === 0) return noKeywords;
  const values = new Map<string, Value>();
  for (const [name, { value }] of keywords) values.set(name, value);
  return values;
}

/** One running body. */
export interface Frame {
  /** Scope instances from the innermost outwards; the last is the module's, 0. */
  readonly scopes: readonly number[];
  /** Names that `global` and `nonlocal` send outwards. */
  readonly outer: ReadonlyMap<string, 'global' | 'nonlocal'>;
  readonly node: FunctionStatement | LambdaExpression | null;
  readonly returns: { value: Value; state: State }[];
  readonly loops: {
    readonly node: ForStatement | WhileStatement;
    breaks: State[];
    continues: State[];
  }[];
  /** Arms no Mac takes that return a CUDA device: a later return may be the other half of a choice. */
  readonly cudaReturns: {
    readonly node: IfStatement;
    readonly statement: Statement;
    readonly asked: ReadonlySet<string>;
    readonly by?: SelectorFact['by'];
  }[];
  /** Names that arms no Mac takes bind to a CUDA device, with the `if` that does it. */
  readonly cudaNames: Map<string, IfStatement>;
  /** Keys of the variables bound in this body, which go with it. */
  readonly bound: Set<string>;
  /** Told what this generator yields, when that runs something else. */
  readonly onYield: ((value: Value) => void) | null;
  /** The body has asserted CUDA and goes on as if it had not. */
  refused: boolean;
  /** Bodies that are running, outermost first; 0 is the module. */
  readonly factScopes: readonly number[];
}

/** A function that MLX runs on arrays of its own: a trace, or a differentiation. */
export interface ActiveTransform {
  readonly value: TransformedValue;
  /** Ids of the arrays that it is run on. */
  readonly traced: Set<number>;
  /** Whatever has a smaller id was there before. */
  readonly firstInnerId: number;
  /** Arrays and models that it reads from outside, by name: see State.traces. */
  readonly captured: Map<string, Captured>;
  readonly effects: { readonly effect: TracedEffect; readonly node: Expression }[];
}

/** A clock reading that a ClockValue refers to by number. */
export interface Reading {
  readonly trail: Trail;
  readonly statement: Statement;
  /** The call that reads. */
  readonly frame: Frame;
}

type Owners = WeakMap<FunctionStatement | LambdaExpression, ClassValue>;

/** Where the file was left for a function of another one. */
export interface Departure {
  readonly node: Expression;
  readonly statement: Statement;
  readonly frame: Frame;
  readonly tests: readonly Expression[];
}

/** Told what happens where, for those who show it to people. */
export interface Recorder {
  readonly read: (node: Expression, value: Value, context: Context) => void;
  readonly bound: (target: Expression, value: Value, context: Context) => void;
  readonly event: (event: TrailEvent, context: Context) => void;
}

/**
 * The running interpreter, as its parts see it. `state` is null where no Mac gets to: nothing
 * there is evaluated and nothing is reported.
 */
export interface Context {
  /** The file whose facts are recorded. */
  readonly home: SourceModule;
  /** True when it is the program itself, not a module that somebody imports. */
  readonly isMain: boolean;
  /** The file whose code runs now, and how it was reached when it is not the home. */
  source: SourceModule;
  departure: Departure | null;
  readonly environment: Environment;
  state: State | null;
  frame: Frame;
  statement: Statement;
  /** The body that the last `if` stands in. */
  around: readonly Statement[];
  caught: ReadonlySet<string>;
  /** Tests around the running statement whose outcome is unknown. */
  tests: readonly Expression[];
  /** False while functions run for callers that are not in the file. */
  reached: boolean;
  readonly readings: Map<number, Reading>;
  /** Outermost first. */
  transforms: readonly ActiveTransform[];
  /** Functions of this file that were given to a transform of MLX. */
  readonly transformed: Map<FunctionStatement | LambdaExpression, TransformedValue>;
  /** Calls of loss functions that return one number for each element. */
  readonly unreduced: WeakSet<Expression>;
  /** Calls that make a loss or gradients: what a training loop does in each step. */
  readonly steps: WeakSet<Expression>;
  /** Has an MLX array been made? Everything about them is skipped before. */
  usesArrays: boolean;
  /** Expressions whose value a notebook shows. */
  shown: ReadonlySet<Statement>;
  /** `mx.disable_compile()`: compiled functions run as they are. */
  neverCompiles: boolean;
  /** The expression that last took an array off the graph that is differentiated. */
  hostRead: Expression | null;
  /** The thread that runs now, when it is not the first one. */
  thread: { readonly node: Expression; readonly firstInnerId: number } | null;
  /** When each call of mx.new_stream made its stream, as ids count. */
  readonly streams: Map<Expression, number>;
  /** Modules of mlx.nn that nothing has been done with yet, with their place among the ids. */
  readonly freshModules: Map<Expression, number>;
  /** Loops that are running, also those around calls of the running function. */
  repeats: number;
  readonly record: (fact: Fact) => void;
  /** null while only findings are asked for. */
  readonly recorder: Recorder | null;
  readonly ask: (backend: string) => void;
  readonly evaluate: (node: Expression) => Value;
  /** Expressions and statements that have run so far. */
  readonly spent: () => number;
  /** What following each function has cost so far, in the same count. */
  readonly costs: Map<FunctionStatement | LambdaExpression, number>;
  /** With `isRest` more statements of the same body follow. */
  readonly execute: (body: readonly Statement[], isRest?: boolean) => void;
  readonly invoke: (callee: FunctionValue, args: CallArguments, node: Expression) => Value;
  readonly instantiate: (callee: ClassValue, args: CallArguments, node: Expression) => Value;
  /** Modules bound to attributes of a module, by the ids of both: they move with it. */
  readonly submodules: Map<number, Set<number>>;
  /** Has the code of this file, or that of all others together, cost as much as it may? */
  readonly isExhausted: () => boolean;
  readonly newId: () => number;
  readonly resolve: (importer: string, level: number, name: string) => SourceModule | null;
  /** What a module of the workspace defines; null: not known. */
  readonly summarize: (module: SourceModule) => Summary | null;
  /** Modules that have been looked into so far. */
  readonly summaries: Set<Summary>;
  /** Guards against imports that lead in a circle. */
  readonly following: (module: SourceModule, name: string, run: () => Value) => Value;
  /** Functions whose bodies run now, outermost first. */
  readonly running: (FunctionStatement | LambdaExpression)[];
  /** Functions and classes in the order of their definition, to be run once more as if called. */
  readonly defined: FunctionValue[];
  readonly definedClasses: ClassValue[];
  /** Scopes of class bodies, which functions inside them do not see. */
  readonly classScopes: Set<number>;
  /** The class that a method was defined in. */
  readonly owners: Owners;
  /** Variables that hold unknown objects to which attributes were written. */
  readonly rooted: Set<string>;
  muted: boolean;
  /** Which code of the home file has run. */
  readonly coverage: Reached;
  /** Runs the body of a `with` statement where the generator that is called next yields. */
  onYield: ((value: Value) => void) | null;
}

/** Facts are about the home file: what another one does is found when that one is checked. */
export function report(context: Context, fact: NewFact): void {
  if (context.departure === null) reportAt(context, fact, context);
}

/** Records a fact where the home file called the function that runs now. */
export function reportAtHome(context: Context, fact: NewFact): void {
  reportAt(context, fact, context.departure ?? context);
}

function reportAt(
  context: Context,
  fact: NewFact,
  { statement, frame }: Pick<Context, 'statement' | 'frame'>,
): void {
  if (context.muted || context.state === null) return;
  context.record({
    ...fact,
    caught: context.caught,
    tests: context.tests,
    reached: context.reached,
    refused: frame.refused,
    loop: frame.loops.at(-1)?.node ?? null,
    repeated: context.repeats > 0,
    statement,
    scope: frame.factScopes.at(-1) ?? 0,
  } as Fact);
}

/**
 * `not cuda`, `gpu is None`, `device != "cuda"`, `local_rank == -1`, and each of them with `or`: where it is false, so are both.
 * Not `local_rank != -1`, which is what its name says.
 */
function isNegative(test: Expression): boolean {
  if (test.kind === 'boolean')
    return test.operator === 'or' && (isNegative(test.left) || isNegative(test.right));
  if (test.kind !== 'compare') return test.kind === 'unary' && test.operator === 'not';
  const isBelowZero = test.operands[0]?.kind === 'unary';
  const operator = test.operators[0] ?? '';
  return isBelowZero ? operator === '==' : ['is', '!=', 'not in'].includes(operator);
}

/** What is around the arm that is taken when what the test names is there, or when MPS is not; else null. */
export const testAround = (test: Expression, arm: boolean): Expression | null =>
  arm !== isNegative(test) ? test : withoutMps(test);

/** Runs an arm of a test whose outcome is unknown. */
export function behind<T>(context: Context, test: Expression, arm: boolean, run: () => T): T {
  const around = testAround(test, arm);
  if (around === null) return run();
  const { tests } = context;
  context.tests = [...tests, around];
  try {
    return run();
  } finally {
    context.tests = tests;
  }
}

export function happen(context: Context, event: TrailEvent): void {
  if (context.state === null) return;
  const { departure } = context;
  const placed = departure === null ? event : { ...event, node: departure.node };
  context.state.trail = step(placed, [context.state.trail]);
  context.recorder?.event(placed, context);
}

/** Does a `try` around it swallow the exception? What follows in its body then never runs. */
export const isCatching = ({ caught }: Context, exception: string): boolean =>
  caught.size > 0 && ['BaseException', 'Exception', exception].some((name) => caught.has(name));

/** Runs on a copy of the state and leaves no facts: for arms that no Mac takes. */
export function shadow<T>(context: Context, run: () => T): T {
  const { state, muted } = context;
  context.muted = true;
  context.state = state === null ? null : fork(state);
  try {
    return run();
  } finally {
    context.state = state;
    context.muted = muted;
  }
}

/** `pick = lambda: …` is a function like any other: it runs once more for callers that are not in the file. */
export function defineLambda(context: Context, value: Value | undefined): void {
  if (value?.kind !== 'function' || value.node.kind !== 'lambda' || context.muted) return;
  if (value.node.parameters.length === 0) context.defined.push(value);
}

/** The home file reads a name where a Mac gets to. */
export function readName(context: Context, name: string): void {
  if (!context.muted && context.departure === null) context.coverage.read(name);
}

/** No Mac gets to this code of the home file, at least not this time. */
export function skipCode(context: Context, body: readonly Span[]): void {
  if (!context.muted && context.departure === null) context.coverage.skip(body);
}

export function lookUp(context: Context, name: string): Value | undefined {
  if (context.state === null) return unknown;
  for (const scope of context.frame.scopes) {
    const value = context.state.variables.get(`${scope}:${name}`);
    if (value === undefined) continue;
    const trace = compiling(context);
    if (trace !== undefined && scope < trace.firstInnerId)
      capture(context, context.state, trace, name, value);
    return value;
  }
  return context.frame.scopes.at(-1) === 0 ? undefined : importedVariable(context, name);
}

/** Names that a function of another module sees as that module has left them. */
function importedVariable(context: Context, name: string): Value | undefined {
  for (const scope of context.frame.scopes) {
    const key = `${scope}:${name}`;
    for (const { variables } of context.summaries) {
      const value = variables.get(key);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

/** The innermost function that mx.compile runs; undefined: none. */
export const compiling = ({ transforms }: Context): ActiveTransform | undefined =>
  transforms.findLast(({ value }) => value.transform === 'mlx.core.compile');

/** A traced function reads a name from outside. What it has made there itself is new in each trace. */
function capture(
  context: Context,
  state: State,
  trace: ActiveTransform,
  name: string,
  value: Value,
): void {
  if (value.kind === 'mlxArray') {
    if (value.alternatives === undefined && value.id < trace.firstInnerId)
      trace.captured.set(name, { id: value.id, tree: null });
    return;
  }
  const key = isMlxModule(value) ? treeKey(value) : null;
  if (key === null || trace.captured.has(name)) return;
  const known = state.trees.get(key);
  const parameters = known ?? context.newId();
  if (known === undefined) {
    state.trees.set(key, parameters);
    state.arrays.set(parameters, { evaluated: 'unknown', before: [], recorded: 0 });
  } else if (known >= trace.firstInnerId) return;
  trace.captured.set(name, { id: parameters, tree: key });
}

export function bind(context: Context, name: string, value: Value): void {
  if (context.state === null) return;
  const { scopes, outer } = context.frame;
  const variables = context.state.variables;
  let scope = scopes[0] ?? 0;
  const declared = outer.get(name);
  if (declared === 'global') scope = scopes.at(-1) ?? 0;
  if (declared === 'nonlocal') {
    scope = scopes.slice(1).find((outerScope) => variables.has(`${outerScope}:${name}`)) ?? scope;
  }
  const key = `${scope}:${name}`;
  if (scope === scopes[0]) context.frame.bound.add(key);
  if (context.rooted.has(key)) {
    for (const path of variables.all().keys())
      if (path.startsWith(`${key}.`)) variables.delete(path);
  }
  variables.set(key, value);
}
