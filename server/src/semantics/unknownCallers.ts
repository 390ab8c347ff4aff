import type { FunctionStatement, Module, Statement } from '../syntax/tree.ts';
import { opaqueTransforms } from '../tables/mlxTransforms.ts';
import type { Context } from './context.ts';
import { invokeFunction } from './functions.ts';
import { attributeKey, instantiateClass, selfOf } from './instances.ts';
import { walkAround } from './nodesAround.ts';
import { blocksOf } from './scopes.ts';
import type { State } from './state.ts';
import { fork } from './state.ts';
import { traceForAnybody } from './transforms.ts';
import type { ClassValue, FunctionValue, InstanceValue } from './values.ts';
import { unknown } from './values.ts';

/**
 * What a later import binds anew was another library when the functions before it were called, as in
 * a notebook that shows the same model twice: `import mlx.nn as nn`, then `import torch.nn as nn`.
 */
export function withoutRebound(loaded: State, module: Module): State {
  const state = fork(loaded);
  const libraries = new Map<string, string>();
  for (const { name, library } of module.body.flatMap(bindingsOf)) {
    const other = libraries.get(name);
    if (other !== undefined && other !== library) state.variables.set(`0:${name}`, unknown);
    libraries.set(name, library);
  }
  forgetGlobals(state, module);
  return state;
}

/**
 * Names that functions send to the module by `global`, and attributes of its objects that are no more than
 * a beginning (`self.model = None`), may be anything when somebody calls a function later.
 */
function forgetGlobals(state: State, module: Module): void {
  walkAround(module.body, module.text, /(?<=(?:^|[;:])[ \t\f]*)global\b/gm, (node) => {
    if (node.kind !== 'global') return;
    for (const { text } of node.names)
      if (state.variables.has(`0:${text}`)) state.variables.set(`0:${text}`, unknown);
  });
  for (const [key, value] of state.variables.all())
    if (key.startsWith('object#') && value.kind === 'constant' && typeof value.value !== 'string')
      state.variables.set(key, unknown);
}

function bindingsOf(statement: Statement): { name: string; library: string }[] {
  if (statement.kind === 'import')
    return statement.names.map(({ module, alias }) => {
      const top = module.split('.')[0] as string;
      return alias === null ? { name: top, library: top } : { name: alias.text, library: module };
    });
  if (statement.kind !== 'importFrom') return [];
  return statement.names.map(({ name, alias }) => ({
    name: (alias ?? name).text,
    library: `${'.'.repeat(statement.level)}${statement.module}.${name.text}`,
  }));
}

/** Runs every function and method of the file once more, as somebody might who imports it. */
export function runForUnknownCallers(
  context: Context,
  loaded: State,
  matters: (offset: number) => boolean,
): void {
  const done = new Set<FunctionValue['node']>();
  /** What has been defined since, where the run that defined it has left the variables it closes over. */
  const runDefined = (before: State, classes: number, functions: number): void => {
    for (const owner of context.definedClasses.slice(classes))
      runMethods(context, owner, before, done, matters, runNested);
    // A function defined inside another is defined anew by each run of that one.
    for (const callee of context.defined.slice(functions)) {
      if (callee.source !== context.home || done.has(callee.node)) continue;
      if (!matters(callee.node.start)) continue;
      done.add(callee.node);
      context.state = fork(before);
      forgetReadings(context);
      const traced = context.transformed.get(callee.node);
      const run = (): unknown => invokeFunction(context, callee, null, null);
      runNested(() => {
        if (traced !== undefined && opaqueTransforms.has(traced.transform))
          traceForAnybody(context, traced, run);
        else run();
      });
    }
  };
  const runNested = (run: () => void): void => {
    const functions = context.defined.length;
    const classes = context.definedClasses.length;
    run();
    const left = context.state;
    if (left === null) return;
    runDefined(left, classes, functions);
    context.state = left;
  };
  runDefined(loaded, 0, 0);
}

/** What ran between a reading of the clock and an unknown call is unknown too. */
const forgetReadings = (context: Context): void => context.readings.clear();

function runMethods(
  context: Context,
  owner: ClassValue,
  loaded: State,
  done: Set<FunctionValue['node']>,
  matters: (offset: number) => boolean,
  runNested: (run: () => void) => void,
): void {
  const methods = [...owner.members.values()].flatMap((member) =>
    member.kind === 'function' && member.source === context.home ? [member] : [],
  );
  if (!methods.some(({ node }) => !done.has(node) && matters(node.start))) return;
  const start = fork(loaded);
  context.state = start;
  const instance = instantiateClass(context, owner, null, null);
  for (const { node } of methods)
    if (node.kind === 'function' && node.name.text === '__init__') done.add(node);
  const initialised = context.state ?? start;
  const call = (method: FunctionValue, before: State): void => {
    context.state = fork(before);
    forgetReadings(context);
    const self = selfOf(instance, method);
    const bound = self === null ? method : { ...method, self };
    runNested(() => void invokeFunction(context, bound, null, null));
  };
  forgetWrites(owner, instance, methods, initialised);
  const isSkipped = methods.some((method) => {
    if (method.node.kind !== 'function' || !setups.has(method.node.name.text)) return false;
    done.add(method.node);
    call(method, initialised);
    return context.state === null;
  });
  for (const method of methods) {
    if (isSkipped || done.has(method.node)) {
      done.add(method.node);
      continue;
    }
    if (!matters(method.node.start)) continue;
    done.add(method.node);
    call(method, initialised);
  }
}

/** What runs before each test of a class: one that leaves takes all tests with it. */
const setups: ReadonlySet<string> = new Set([
  'setUp',
  'setUpClass',
  'asyncSetUp',
  'setup_class',
  'setup_method',
]);

/** Attributes that a method writes may be anything in the others; `__init__` calls those that set up. */
function forgetWrites(
  owner: ClassValue,
  instance: InstanceValue,
  methods: readonly FunctionValue[],
  initialised: State,
): void {
  const init = owner.members.get('__init__');
  const setup =
    init?.kind === 'function' ? init.source.text.slice(init.node.start, init.node.end) : '';
  const prefix = attributeKey(instance.id, '');
  const has = (name: string): boolean => initialised.variables.has(`${prefix}${name}`);
  for (const { node, source } of methods) {
    if (node.kind !== 'function' || node.name.text === '__init__') continue;
    // Most write none of them, and need not be parsed to know.
    if (!mayWrite(node, source.text).some(has)) continue;
    if (setup.includes(`self.${node.name.text}(`)) continue;
    for (const name of attributesWritten(node.body)) {
      const key = attributeKey(instance.id, name);
      if (initialised.variables.has(key)) initialised.variables.set(key, unknown);
    }
  }
  // What `__init__` has not set may be there all the same: after `if gpu: self.device = …` it is unknown.
  for (const name of [owner, ...owner.bases].flatMap(writtenInMethods))
    if (!has(name) && !owner.members.has(name))
      initialised.variables.set(`${prefix}${name}`, unknown);
}

const writtenInMethods = ({ members }: ClassValue): readonly string[] =>
  [...members].flatMap(([name, member]) =>
    name !== '__init__' && member.kind === 'function' && member.node.kind === 'function'
      ? mayWrite(member.node, member.source.text)
      : [],
  );

/** `.name =`, `.name +=`, `.name: int`, and in a tuple on this line or over several. */
const write =
  /\.\s*([\w\x80-\uffff]+)(?=\s*\)*\s*(?:[-+*/%@&|^<>]{0,3}=(?!=)|:|,(?:[^\n]*=|\s*(?:#.*)?\n)))/g;

const mayBeWritten = new WeakMap<FunctionStatement, readonly string[]>();

/** Names of the attributes that the text of a method may assign. */
function mayWrite(node: FunctionStatement, text: string): readonly string[] {
  let names = mayBeWritten.get(node);
  if (names === undefined) {
    const found = text.slice(node.start, node.end).matchAll(write);
    names = [...new Set([...found].map(([, name]) => name as string))];
    mayBeWritten.set(node, names);
  }
  return names;
}

const written = new WeakMap<readonly Statement[], readonly string[]>();

/** Names of the attributes that a method assigns directly. */
function attributesWritten(body: readonly Statement[]): readonly string[] {
  let names = written.get(body);
  if (names === undefined) {
    names = [...new Set(body.flatMap(writtenBy))];
    written.set(body, names);
  }
  return names;
}

function writtenBy(statement: Statement): string[] {
  const targets =
    statement.kind === 'assign'
      ? statement.targets.flatMap((target) =>
          target.kind === 'tuple' ? target.elements : [target],
        )
      : statement.kind === 'annotatedAssign' || statement.kind === 'augmentedAssign'
        ? [statement.target]
        : [];
  return [
    ...targets.flatMap((target) => (target.kind === 'attribute' ? [target.name.text] : [])),
    ...blocksOf(statement).flatMap((inner) => inner.flatMap(writtenBy)),
  ];
}
