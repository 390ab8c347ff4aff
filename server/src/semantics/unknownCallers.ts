import type { Statement } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { invokeFunction } from './functions.ts';
import { attributeKey, instantiateClass, selfOf } from './instances.ts';
import { join } from './joins.ts';
import { bodiesOf } from './scopes.ts';
import type { State } from './state.ts';
import { fork } from './state.ts';
import type { ClassValue, FunctionValue, InstanceValue, Value } from './values.ts';

/** Runs every function and method of the file once more, as somebody might who imports it. */
export function runForUnknownCallers(context: Context, loaded: State): void {
  const done = new Set<FunctionValue['node']>();
  for (const owner of [...context.definedClasses]) runMethods(context, owner, loaded, done);
  // A function defined inside another is defined anew by each run of that one.
  for (const callee of context.defined.filter(({ source }) => source === context.home)) {
    if (done.has(callee.node)) continue;
    done.add(callee.node);
    context.state = fork(loaded);
    forgetReadings(context);
    invokeFunction(context, callee, null, null);
  }
}

/** What ran between a reading of the clock and an unknown call is unknown too. */
const forgetReadings = (context: Context): void => context.readings.clear();

function runMethods(
  context: Context,
  owner: ClassValue,
  loaded: State,
  done: Set<FunctionValue['node']>,
): void {
  const start = fork(loaded);
  context.state = start;
  const instance = instantiateClass(context, owner, null, null);
  const initialised = context.state ?? start;
  const methods = [...owner.members.values()].flatMap((member) =>
    member.kind === 'function' && member.source === context.home ? [member] : [],
  );
  const call = (method: FunctionValue, before: State): void => {
    context.state = fork(before);
    forgetReadings(context);
    const self = selfOf(instance, method);
    invokeFunction(context, self === null ? method : { ...method, self }, null, null);
  };
  joinWrites(context, instance, methods, initialised, call);
  for (const method of methods) {
    if (done.has(method.node)) continue;
    done.add(method.node);
    call(method, initialised);
  }
}

/** An attribute that other methods write may be what any of them has left. */
function joinWrites(
  context: Context,
  instance: InstanceValue,
  methods: readonly FunctionValue[],
  initialised: State,
  call: (method: FunctionValue, before: State) => void,
): void {
  const muted = context.muted;
  context.muted = true;
  const joined = new Map<string, Value>();
  for (const method of methods) {
    if (method.node.kind !== 'function' || method.node.name.text === '__init__') continue;
    const keys = attributesWritten(method.node.body)
      .map((name) => attributeKey(instance.id, name))
      .filter((key) => (initialised.variables.get(key)?.kind ?? 'unknown') !== 'unknown');
    if (keys.length === 0) continue;
    call(method, initialised);
    for (const key of keys) {
      const before = joined.get(key) ?? (initialised.variables.get(key) as Value);
      const after = context.state?.variables.get(key);
      if (after !== undefined) joined.set(key, join(before, after));
    }
  }
  for (const [key, value] of joined) initialised.variables.set(key, value);
  context.muted = muted;
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
    ...bodiesOf(statement).flatMap((inner) => inner.flatMap(writtenBy)),
  ];
}
