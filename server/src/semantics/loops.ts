import type { ForStatement, WhileStatement } from '../syntax/tree.ts';
import { mlxLmGenerators } from '../tables/mlxEvaluation.ts';
import { elementOf } from './arrayBuiltins.ts';
import type { Context } from './context.ts';
import { behind, report, skipCode } from './context.ts';
import { unmodelled } from './effects.ts';
import { forceArrays } from './laziness.ts';
import { reportLoop } from './loopFacts.ts';
import { readTruth } from './reading.ts';
import type { State } from './state.ts';
import { fork, joinStates, widen } from './state.ts';
import { assignTarget } from './targets.ts';
import type { Value } from './values.ts';
import { truth } from './values.ts';

function executeLoopBody(
  context: Context,
  node: ForStatement | WhileStatement,
  bindTarget: () => void,
  afterRound: () => void,
): State | null {
  const breaks: State[] = [];
  const firstInnerId = context.newId();
  let last: State | null = null;
  for (let round = 0; round < 2 && context.state !== null; round++) {
    const loop = { node, breaks, continues: [] as State[] };
    const before = context.state.trail;
    context.frame.loops.push(loop);
    context.repeats += 1;
    bindTarget();
    context.execute(node.body);
    context.repeats -= 1;
    context.frame.loops.pop();
    context.state = loop.continues.reduce<State | null>(joinStates, context.state);
    afterRound();
    if (last !== null && context.state !== null) {
      reportLoop(context, { node, firstInnerId, first: last, before });
      widen(last, context.state);
    }
    last = round === 0 && context.state !== null ? fork(context.state) : (context.state ?? last);
  }
  context.state = last;
  return breaks.reduce<State | null>(joinStates, null);
}

/** `range(torch.cuda.device_count())`: a Mac has none of them. */
export const isOfCudaDevices = (iterable: Value): boolean =>
  iterable.kind === 'sequence' &&
  iterable.form === 'tuple' &&
  iterable.elements.length === 0 &&
  iterable.choice?.asked.has('cuda') === true;

/** Loops are taken to run at least once: a program that iterates over nothing measures nothing. */
export function executeFor(context: Context, node: ForStatement): void {
  const iterable = context.evaluate(node.iterable);
  if (iterable.kind === 'object') {
    report(context, { kind: 'iteration', node, iterable });
    // Each token has been read from arrays that depend on all that was given.
    if (mlxLmGenerators.has(iterable.class)) {
      unmodelled(context, iterable.positional, node.iterable);
      forceArrays(context, iterable.positional, node.iterable);
    }
  }
  if (isOfCudaDevices(iterable)) {
    skipCode(context, node.body);
    context.execute(node.orElse);
    return;
  }
  const before = context.state === null ? null : fork(context.state);
  const broken = executeLoopBody(
    context,
    node,
    () => assignTarget(context, node.target, elementOf(context, iterable, node.iterable)),
    () => {},
  );
  if (context.state === null && broken === null) context.state = before;
  context.execute(node.orElse);
  context.state = joinStates(context.state, broken);
}

export function executeWhile(context: Context, node: WhileStatement): void {
  const test = context.evaluate(node.test);
  readTruth(context, test, node.test);
  const outcome = truth(test);
  if (outcome === false) {
    skipCode(context, node.body);
    context.execute(node.orElse);
    return;
  }
  const before = context.state === null ? null : fork(context.state);
  const again = (): void => readTruth(context, context.evaluate(node.test), node.test);
  const run = (): State | null => executeLoopBody(context, node, () => {}, again);
  const broken = outcome === null ? behind(context, node.test, true, run) : run();
  // What is true at first may not stay so: only `while True` and `while 1` are left by a break alone.
  if (outcome === true && (node.test.kind === 'constant' || node.test.kind === 'number')) {
    context.state = broken;
    return;
  }
  if (context.state === null && broken === null) context.state = before;
  context.execute(node.orElse);
  context.state = joinStates(context.state, broken);
}
