import type { CallExpression, Expression, Statement, WithStatement } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { noArguments, shadow } from './context.ts';
import { namesOf } from './handlers.ts';
import { boundMember } from './instances.ts';
import { enterStream } from './mlxStreams.ts';
import { fork } from './state.ts';
import { assignTarget } from './targets.ts';
import { threadClasses } from './threads.ts';
import type { Value } from './values.ts';
import { constant, union, unknown } from './values.ts';

/** Generators around one body that are run around each other; what more of them do is not known. */
const maximumGenerators = 50;

/** Runs a `with` statement: enters its managers one after the other, runs the body, leaves them. */
export const executeWith = (context: Context, { items, body }: WithStatement): void =>
  enter(context, items, body, 0);

/** Thousands of managers are entered in a loop; only a generator has the rest of them inside. */
function enter(
  context: Context,
  items: WithStatement['items'],
  body: readonly Statement[],
  generators: number,
): void {
  const entered: (() => void)[] = [];
  let run = (): void => context.execute(body);
  for (const [i, { context: manager, target }] of items.entries()) {
    const bind = (value: Value): void => {
      if (target !== null) assignTarget(context, target, value);
    };
    const callee =
      manager.kind === 'call' ? shadow(context, () => context.evaluate(manager.callee)) : unknown;
    if (callee.kind !== 'function' || callee.binding !== 'manager') {
      const { value, leave } = enterManager(context, manager, callee);
      entered.push(leave);
      bind(value);
    } else if (generators === maximumGenerators) bind(unknown);
    else {
      run = () =>
        runAround(context, manager, (value) => {
          bind(value);
          enter(context, items.slice(i + 1), body, generators + 1);
        });
      break;
    }
  }
  run();
  for (const leave of entered.reverse()) leave();
}

/** What `as` binds, and what to do after the body. */
function enterManager(
  context: Context,
  manager: Expression,
  callee: Value,
): { readonly value: Value; readonly leave: () => void } {
  const outerDevice = context.state?.defaultDevice ?? null;
  const outerStream = context.state?.mlxDevice ?? null;
  const outerCaught = context.caught;
  const value = context.evaluate(manager);
  enterStream(context, value);
  if (value.kind === 'device' && context.state !== null) context.state.defaultDevice = value;
  if (manager.kind === 'call' && catches(callee, manager)) {
    const names = manager.args.flatMap((argument) => namesOf(argument.value));
    context.caught = union(context.caught, new Set(names));
  }
  const before =
    context.caught === outerCaught || context.state === null ? null : fork(context.state);
  const leave = (): void => {
    // What was raised inside is caught: the program goes on.
    context.state ??= before;
    exit(context, value, manager);
    context.caught = outerCaught;
    if (context.state === null) return;
    if (value.kind === 'device') context.state.defaultDevice = outerDevice;
    context.state.mlxDevice = outerStream;
  };
  return { value: enteredValue(context, value, manager), leave };
}

/** `with pytest.raises(ValueError):` and unittest's `with self.assertRaises(ValueError):` */
const catches = (callee: Value, { callee: written }: CallExpression): boolean =>
  callee.kind === 'library'
    ? catching.has(callee.name)
    : written.kind === 'attribute' && /^assertRaises/.test(written.name.text);

const catching: ReadonlySet<string> = new Set(['contextlib.suppress', 'pytest.raises']);

/** The body runs where the generator yields; one that never gets there is not known. */
function runAround(context: Context, manager: Expression, inside: (value: Value) => void): void {
  const { frame, statement, source, departure, tests, running } = context;
  const depth = running.length;
  let ran = false;
  context.onYield = (value) => {
    const generator = {
      frame: context.frame,
      statement: context.statement,
      source: context.source,
      departure: context.departure,
      tests: context.tests,
    };
    const suspended = running.splice(depth);
    ran = true;
    Object.assign(context, { frame, statement, source, departure, tests });
    inside(value);
    running.push(...suspended);
    Object.assign(context, generator);
  };
  context.evaluate(manager);
  context.onYield = null;
  if (!ran) inside(unknown);
}

/** What `as` binds. */
function enteredValue(context: Context, value: Value, manager: Expression): Value {
  if (value.kind === 'object' && value.class === 'contextlib.nullcontext')
    return value.positional[0] ?? constant(null);
  // An executor is its own manager.
  if (value.kind === 'object' && threadClasses.has(value.class)) return value;
  if (value.kind !== 'instance') return unknown;
  const method = boundMember(context, value, value.class.members.get('__enter__'), manager);
  return method.kind === 'function' ? context.invoke(method, noArguments, manager) : unknown;
}

function exit(context: Context, value: Value, manager: Expression): void {
  if (value.kind !== 'instance') return;
  const method = boundMember(context, value, value.class.members.get('__exit__'), manager);
  const positional = [constant(null), constant(null), constant(null)];
  if (method.kind === 'function') context.invoke(method, { ...noArguments, positional }, manager);
}
