import type { MatchStatement } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { bind, skipCode } from './context.ts';
import type { State } from './state.ts';
import { fork, joinStates } from './state.ts';
import type { Value } from './values.ts';
import { asDevice, truth, unknown } from './values.ts';

export function executeMatch(context: Context, node: MatchStatement): void {
  const subject = context.evaluate(node.subject);
  let after: State | null = null;
  for (const matchCase of node.cases) {
    if (context.state === null) break;
    const others = fork(context.state);
    const outcome = matchOutcome(context, subject, matchCase);
    if (outcome === false) {
      skipCode(context, matchCase.body);
      continue;
    }
    const isCapture = matchCase.irrefutable || matchCase.values !== null;
    for (const name of matchCase.bindings) bind(context, name.text, isCapture ? subject : unknown);
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
