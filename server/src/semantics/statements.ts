import type {
  CallExpression,
  Expression,
  IfStatement,
  MagicStatement,
  Statement,
} from '../syntax/tree.ts';
import {
  asksOnlyForCuda,
  rememberCudaReturn,
  rememberFlags,
  rememberOpenReturn,
  reportAssignedChoice,
  reportClobber,
  reportOpenAssignment,
  reportReturnedChoice,
} from './choices.ts';
import type { Context } from './context.ts';
import { behind, bind, defineLambda, report, skipCode, testAround } from './context.ts';
import { evaluateDefinition } from './definitions.ts';
import { reportDeviceDefault, reportGpuFlag } from './deviceDefaults.ts';
import {
  asksForCudaDevice,
  asksForOtherDevice,
  reportArmWithoutCuda,
  reportDeviceGate,
} from './deviceGates.ts';
import { reportRequiredDevice, reportTakenDevices } from './deviceLists.ts';
import { unmodelled } from './effects.ts';
import { mergeEnvironment, parseEnvironmentMagic, writeEnvironment } from './environmentWrites.ts';
import { executeTry, namesOf, reportOutOfMemoryText } from './handlers.ts';
import { executeImport, lazilyImported } from './imports.ts';
import { executeFor, executeWhile } from './loops.ts';
import { executeWith } from './managers.ts';
import { executeMatch } from './matches.ts';
import { reportAugmentedIndex } from './mlxIndexing.ts';
import { combine } from './operators.ts';
import { read, readTruth } from './reading.ts';
import { leaves } from './scopes.ts';
import { installedBy } from './shellMagics.ts';
import { fork, joinStates } from './state.ts';
import { assignTarget } from './targets.ts';
import type { Value } from './values.ts';
import { asDevice, constant, truth, union, unknown, withChoice } from './values.ts';
import { mentionsMps } from './withoutMps.ts';

export function executeStatement(context: Context, node: Statement): void {
  switch (node.kind) {
    case 'expression': {
      const value = context.evaluate(node.value);
      if (context.shown.has(node)) read(context, value, node.value);
      return;
    }
    case 'assign': {
      const evaluated = context.evaluate(node.value);
      const value = (evaluated.kind === 'unknown' ? lazilyImported(node) : null) ?? evaluated;
      defineLambda(context, value);
      for (const target of node.targets) {
        assignTarget(context, target, value);
        const name = target.kind === 'name' ? target.id : attributeName(target);
        if (name === null) continue;
        reportDeviceDefault(context, name, value, node.value);
        reportGpuFlag(context, name, value, node.value);
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
      if (left.kind === 'library' && left.name === 'os.environ') {
        if (node.operator === '|') mergeEnvironment(context, right, node.value);
        return;
      }
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
      reportRequiredDevice(context, node.test, 'in');
      if (truth(test) !== false) return;
      if (asksOnlyForCuda(test.choice?.asked ?? new Set())) {
        report(context, { kind: 'refusal', node });
        // What follows is what remains to be done once the assertion is gone.
        context.frame.refused = true;
      } else {
        if (asksForCudaDevice(node.test)) report(context, { kind: 'refusal', node });
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
    case 'magic':
      executeMagic(context, node);
      return;
    case 'brokenStatement':
      // What is being typed may do anything, such as evaluate what a clock is about to time.
      unmodelled(context, [], { kind: 'broken', parts: [], start: node.start, end: node.end });
      context.execute(node.parts);
      return;
    case 'pass':
    case 'global':
    case 'nonlocal':
      return;
  }
}

function executeMagic(context: Context, node: MagicStatement): void {
  const isWrite = node.name === 'env' || node.name === 'set_env';
  const write = isWrite ? parseEnvironmentMagic(node.argument) : null;
  if (write !== null)
    writeEnvironment(context, {
      name: write.name,
      value: constant(write.value),
      node,
      form: 'magic',
    });
  const { module, text } = context.home;
  // In a branch, where a line is indented, it may be meant for another machine.
  if (node.start > 0 && text[node.start - 1] !== '\n') return;
  for (const { kind, how, start, end } of installedBy(node, text, module.cellStarts))
    report(context, { kind, node: { start, end }, how });
}

const attributeName = (target: Expression): string | null =>
  target.kind === 'attribute' ? target.name.text : null;

function executeReturn(context: Context, value: Value): void {
  const state = context.state;
  if (state === null) return;
  defineLambda(context, value);
  const kept =
    state.asked.size > 0 && asDevice(value) !== null ? withChoice(value, state.asked) : value;
  reportReturnedChoice(context, value);
  context.frame.returns.push({ value: kept, state });
  context.state = null;
}

/** Thousands of arms are one statement: each `elif` is entered in a loop, and the ways join from the last one on. */
function executeIf(context: Context, node: IfStatement): void {
  reportTakenDevices(context, node);
  const entered: { readonly arm: IfStatement; readonly finish: () => void }[] = [];
  const { around } = context;
  const following = (): readonly Statement[] => around.slice(around.indexOf(node) + 1);
  let next: IfStatement | null = node;
  while (next !== null) {
    const arm: IfStatement = next;
    context.statement = arm;
    const { rest, finish } = enterIf(context, arm, following);
    entered.push({ arm, finish });
    next = rest === null ? null : onlyIf(rest);
    if (rest !== null && next === null) context.execute(rest);
  }
  for (const { arm, finish } of entered.reverse()) {
    finish();
    context.statement = arm;
  }
}

/** The `elif` or `if` that is all of a body. */
function onlyIf(body: readonly Statement[]): IfStatement | null {
  const [first, ...others] = body;
  return first?.kind === 'if' && others.length === 0 ? first : null;
}

/** Runs the test, and the body where both ways are open; what is still to be run, and what to do after it. */
function enterIf(
  context: Context,
  node: IfStatement,
  following: () => readonly Statement[],
): { readonly rest: readonly Statement[] | null; readonly finish: () => void } {
  const test = context.evaluate(node.test);
  readTruth(context, test, node.test);
  const { state, tests } = context;
  if (state === null) return { rest: null, finish: () => {} };
  const outcome = truth(test);
  if (outcome === null) {
    if (mentionsMps(node.test)) context.ask('mps');
    reportOpenAssignment(context, node);
    rememberOpenReturn(context, node);
    if (node.body.at(-1)?.kind === 'raise') reportRequiredDevice(context, node.test, 'not in');
    reportArmWithoutCuda(context, node, test);
    reportOutOfMemoryText(context, node);
    const other = fork(state);
    behind(context, node.test, true, () => context.execute(node.body));
    const afterBody = context.state;
    context.state = other;
    const otherwise = testAround(node.test, false);
    if (otherwise !== null) context.tests = [...tests, otherwise];
    const finish = (): void => {
      // `if not args.cuda: return`: what follows is behind the option.
      const leftBy = afterBody === null ? false : context.state === null ? true : null;
      context.state = joinStates(afterBody, context.state);
      const around = leftBy === null ? null : testAround(node.test, leftBy);
      context.tests = around === null ? tests : [...tests, around];
    };
    return { rest: node.orElse, finish };
  }
  const asked = test.choice?.asked ?? new Set<string>();
  const outer = state.asked;
  const live = outcome ? node.body : node.orElse;
  const dead = outcome ? node.orElse : node.body;
  skipCode(context, dead);
  state.asked = union(outer, asked);
  // `if not cuda: return "cpu"`: what follows is the other arm.
  const isLeft = dead.length === 0 && live.at(-1)?.kind === 'return';
  rememberCudaReturn(context, node, isLeft ? following : () => dead, asked);
  reportClobber(context, node, dead, asked);
  reportCudaArm(context, node, live, dead, asked);
  if (!outcome) reportDeviceGate(context, node, test);
  const finish = (): void => {
    context.tests = tests;
    if (context.state === null) return;
    reportAssignedChoice(context, node, { live, dead }, asked);
    rememberFlags(context, dead, asked);
    // What follows an arm that leaves runs only because the test said so.
    if (!leaves(dead)) context.state.asked = outer;
  };
  return { rest: live, finish };
}

/** `raise RuntimeError("needs CUDA")`, `sys.exit(1)`; not `raise unittest.SkipTest(…)`, which leaves a test out. */
const refuses = (statement: Statement): boolean =>
  (statement.kind === 'raise' &&
    !namesOf(
      statement.exception?.kind === 'call' ? statement.exception.callee : statement.exception,
    ).some((name) => /skip/i.test(name))) ||
  (statement.kind === 'expression' && statement.value.kind === 'call' && isExit(statement.value));

/** `exit(-1)`, `quit()`, `sys.exit("needs a GPU")`; an exit with 0 leaves out what has no GPU. */
const isExit = ({ callee, args: [status] }: CallExpression): boolean =>
  /^(?:_?exit|quit)$/.test(namesOf(callee).at(-1) ?? '') &&
  status !== undefined &&
  !(status.value.kind === 'number' && status.value.value === 0);

/** What only CUDA machines do, and programs that end without CUDA. */
function reportCudaArm(
  context: Context,
  node: IfStatement,
  live: readonly Statement[],
  dead: readonly Statement[],
  asked: ReadonlySet<string>,
): void {
  if (!asksOnlyForCuda(asked)) {
    const isRefused = live === node.body && live.some(refuses) && asksForOtherDevice(node.test);
    if (isRefused) report(context, { kind: 'refusal', node });
    return;
  }
  if (live.some(refuses)) report(context, { kind: 'refusal', node });
  else if (dead.length > 0 || live === node.body)
    report(context, { kind: 'cudaArm', node, body: dead });
}
