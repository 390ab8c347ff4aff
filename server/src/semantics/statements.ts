import type {
  Expression,
  IfStatement,
  MatchStatement,
  Statement,
  TryStatement,
  WithStatement,
} from '../syntax/tree.ts';
import {
  asksOnlyForCuda,
  rememberCudaReturn,
  reportAssignedChoice,
  reportReturnedChoice,
} from './choices.ts';
import type { Context } from './context.ts';
import { behind, bind, report, shadow } from './context.ts';
import { evaluateDefinition } from './definitions.ts';
import { reportDeviceDefault } from './deviceDefaults.ts';
import { parseEnvironmentMagic, writeEnvironment } from './environmentWrites.ts';
import { executeImport } from './imports.ts';
import { executeFor, executeWhile } from './loops.ts';
import { reportAugmentedIndex } from './mlxIndexing.ts';
import { enterStream } from './mlxStreams.ts';
import { combine } from './operators.ts';
import { readTruth } from './reading.ts';
import { leaves } from './scopes.ts';
import type { State } from './state.ts';
import { fork, joinStates } from './state.ts';
import { assignTarget } from './targets.ts';
import type { Value } from './values.ts';
import { asDevice, constant, truth, union, unknown, withChoice } from './values.ts';

export function executeStatement(context: Context, node: Statement): void {
  switch (node.kind) {
    case 'expression':
      context.evaluate(node.value);
      return;
    case 'assign': {
      const value = context.evaluate(node.value);
      for (const target of node.targets) {
        assignTarget(context, target, value);
        if (target.kind === 'name') reportDeviceDefault(context, target.id, value, node.value);
      }
      return;
    }
    case 'annotatedAssign':
      if (node.value !== null) {
        const value = context.evaluate(node.value);
        assignTarget(context, node.target, value);
        if (node.target.kind === 'name')
          reportDeviceDefault(context, node.target.id, value, node.value);
      }
      return;
    case 'augmentedAssign': {
      const left = context.evaluate(node.target);
      const right = context.evaluate(node.value);
      reportAugmentedIndex(context, node);
      assignTarget(context, node.target, combine(context, node.value, node.operator, left, right));
      return;
    }
    case 'return':
      executeReturn(context, node.value === null ? constant(null) : context.evaluate(node.value));
      return;
    case 'raise':
      if (node.exception !== null) context.evaluate(node.exception);
      context.state = null;
      return;
    case 'assert': {
      const test = context.evaluate(node.test);
      readTruth(context, test, node.test);
      if (truth(test) !== false) return;
      if (asksOnlyForCuda(test.choice?.asked ?? new Set())) {
        report(context, { kind: 'refusal', node });
        // What follows is what remains to be done once the assertion is gone.
        context.frame.refused = true;
      } else {
        context.state = null;
      }
      return;
    }
    case 'delete':
      for (const target of node.targets)
        if (target.kind === 'name') bind(context, target.id, unknown);
      return;
    case 'break':
    case 'continue': {
      const loop = context.frame.loops.at(-1);
      if (loop && context.state)
        loop[node.kind === 'break' ? 'breaks' : 'continues'].push(context.state);
      context.state = null;
      return;
    }
    case 'import':
    case 'importFrom':
      executeImport(context, node);
      return;
    case 'if':
      executeIf(context, node);
      return;
    case 'for':
      executeFor(context, node);
      return;
    case 'while':
      executeWhile(context, node);
      return;
    case 'with':
      executeWith(context, node);
      return;
    case 'try':
      executeTry(context, node);
      return;
    case 'match':
      executeMatch(context, node);
      return;
    case 'function':
    case 'class':
      evaluateDefinition(context, node);
      return;
    case 'magic': {
      const write =
        node.name === 'env' || node.name === 'set_env'
          ? parseEnvironmentMagic(node.argument)
          : null;
      if (write !== null) {
        writeEnvironment(context, {
          name: write.name,
          value: constant(write.value),
          node,
          form: 'magic',
        });
      }
      return;
    }
    case 'brokenStatement':
      context.execute(node.parts);
      return;
    case 'pass':
    case 'global':
    case 'nonlocal':
      return;
  }
}

function executeReturn(context: Context, value: Value): void {
  const state = context.state;
  if (state === null) return;
  const kept =
    state.asked.size > 0 && asDevice(value) !== null ? withChoice(value, state.asked) : value;
  reportReturnedChoice(context, value);
  context.frame.returns.push({ value: kept, state });
  context.state = null;
}

function executeIf(context: Context, node: IfStatement): void {
  const test = context.evaluate(node.test);
  readTruth(context, test, node.test);
  const state = context.state;
  if (state === null) return;
  const outcome = truth(test);
  if (outcome === null) {
    const other = fork(state);
    behind(context, node.test, true, () => context.execute(node.body));
    const afterBody = context.state;
    context.state = other;
    behind(context, node.test, false, () => context.execute(node.orElse));
    context.state = joinStates(afterBody, context.state);
    return;
  }
  const asked = test.choice?.asked ?? new Set<string>();
  const outer = state.asked;
  const live = outcome ? node.body : node.orElse;
  const dead = outcome ? node.orElse : node.body;
  state.asked = union(outer, asked);
  rememberCudaReturn(context, node, dead, asked);
  reportCudaArm(context, node, live, dead, asked);
  context.execute(live);
  if (context.state !== null) {
    reportAssignedChoice(context, node, dead, asked);
    // What follows an arm that leaves runs only because the test said so.
    if (!leaves(dead)) context.state.asked = outer;
  }
}

/** What only CUDA machines do, and programs that end without CUDA. */
function reportCudaArm(
  context: Context,
  node: IfStatement,
  live: readonly Statement[],
  dead: readonly Statement[],
  asked: ReadonlySet<string>,
): void {
  if (!asksOnlyForCuda(asked)) return;
  if (live.some(({ kind }) => kind === 'raise')) report(context, { kind: 'refusal', node });
  else if (dead.length > 0) report(context, { kind: 'cudaArm', node, body: dead });
}

function executeWith(context: Context, node: WithStatement): void {
  const outerDevice = context.state?.defaultDevice ?? null;
  const outerStream = context.state?.mlxDevice ?? null;
  const outerCaught = context.caught;
  for (const { context: manager, target } of node.items) {
    const value = context.evaluate(manager);
    enterStream(context, value);
    const device = value.kind === 'device' ? value : null;
    if (device !== null && context.state !== null) context.state.defaultDevice = device;
    if (manager.kind === 'call') {
      const callee = shadow(context, () => context.evaluate(manager.callee));
      if (
        callee.kind === 'library' &&
        ['contextlib.suppress', 'pytest.raises'].includes(callee.name)
      ) {
        const names = manager.args.flatMap((argument) => namesOf(argument.value));
        context.caught = union(context.caught, new Set(names));
      }
    }
    if (target !== null) assignTarget(context, target, unknown);
  }
  context.execute(node.body);
  context.caught = outerCaught;
  if (context.state !== null) {
    context.state.defaultDevice = outerDevice;
    context.state.mlxDevice = outerStream;
  }
}

/** The last parts of exception names: `torch.cuda.OutOfMemoryError`, `(A, B)`. */
function namesOf(type: Expression | null): string[] {
  if (type === null) return ['BaseException'];
  if (type.kind === 'name') return [type.id];
  if (type.kind === 'attribute') return [type.name.text];
  if (type.kind === 'tuple') return type.elements.flatMap(namesOf);
  return [];
}

const raises = (body: readonly Statement[]): boolean =>
  body.some((statement) => statement.kind === 'raise');

function executeTry(context: Context, node: TryStatement): void {
  const outerCaught = context.caught;
  const before = context.state === null ? null : fork(context.state);
  const swallowed = node.handlers
    .filter((handler) => !raises(handler.body))
    .flatMap((handler) => namesOf(handler.type));
  context.caught = union(outerCaught, new Set(swallowed));
  context.execute(node.body);
  context.caught = outerCaught;
  const afterBody = context.state === null ? null : fork(context.state);
  context.execute(node.orElse);
  let after = context.state;
  // An import of what is installed does not fail: its handler is for other machines.
  if (!node.body.every((statement) => isAssumedImport(statement))) {
    for (const handler of node.handlers) {
      const entered = before === null ? null : fork(before);
      context.state = joinStates(entered, afterBody === null ? null : fork(afterBody));
      if (handler.name !== null) bind(context, handler.name.text, unknown);
      context.execute(handler.body);
      after = joinStates(after, context.state);
    }
  }
  context.state = after;
  if (after !== null || before === null) {
    context.execute(node.finalBody);
    return;
  }
  // Every path left: the last block runs on the way out.
  context.state = fork(before);
  context.execute(node.finalBody);
  context.state = null;
}

const assumedInstalled = new Set(['torch', 'mlx', 'numpy', 'os', 'sys', 'time', 'platform']);

function isAssumedImport(statement: Statement): boolean {
  if (statement.kind === 'import') {
    return statement.names.every((name) =>
      assumedInstalled.has(name.module.split('.')[0] as string),
    );
  }
  if (statement.kind === 'importFrom') {
    return statement.level === 0 && assumedInstalled.has(statement.module.split('.')[0] as string);
  }
  return false;
}

function executeMatch(context: Context, node: MatchStatement): void {
  const subject = context.evaluate(node.subject);
  let after: State | null = null;
  for (const matchCase of node.cases) {
    if (context.state === null) break;
    const others = fork(context.state);
    const outcome = matchOutcome(context, subject, matchCase);
    if (outcome === false) continue;
    for (const name of matchCase.bindings) bind(context, name.text, unknown);
    context.execute(matchCase.body);
    after = joinStates(after, context.state);
    context.state = outcome === true ? null : others;
  }
  context.state = joinStates(after, context.state);
}

function matchOutcome(
  context: Context,
  subject: Value,
  matchCase: MatchStatement['cases'][number],
): boolean | null {
  if (matchCase.guard !== null) {
    if (truth(context.evaluate(matchCase.guard)) === false) return false;
  }
  if (matchCase.irrefutable) return matchCase.guard === null ? true : null;
  if (matchCase.values === null) return null;
  const device = asDevice(subject);
  const outcomes = matchCase.values.map((pattern) => {
    const value = context.evaluate(pattern);
    const other = asDevice(value);
    if (other !== null && device !== null) {
      return device.types.length === 1 ? device.types[0] === other.types[0] : null;
    }
    if (other?.types[0] === 'cuda' && subject.kind === 'unknown') return false;
    if (value.kind === 'constant' && subject.kind === 'constant')
      return value.value === subject.value;
    return null;
  });
  if (outcomes.includes(true)) return matchCase.guard === null ? true : null;
  return outcomes.every((outcome) => outcome === false) ? false : null;
}
