import type { BinaryExpression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { report } from './context.ts';
import { idsIn } from './laziness.ts';
import { pathsBetween } from './trail.ts';
import type { ClockValue } from './values.ts';
import { arrayIds, asDevice } from './values.ts';

/** Two clock readings are subtracted. */
export function closeWindow(
  context: Context,
  node: BinaryExpression,
  from: ClockValue,
  to: ClockValue,
): void {
  const start = context.readings.get(from.reading);
  const end = context.readings.get(to.reading);
  const state = context.state;
  if (start === undefined || end === undefined || state === null) return;
  if (start.trail.number >= end.trail.number) return;
  const paths = pathsBetween(end.trail, start.trail.number);
  if (paths === null) return;
  const named = state.variables.all();
  const variables = [...named.values()];
  const arrayNames = new Map<number, string>();
  for (const [key, value] of named) {
    if (value.kind !== 'mlxArray') continue;
    const [scope, name = ''] = key.split(':', 2);
    if (!context.frame.scopes.includes(Number(scope))) continue;
    for (const id of arrayIds(value)) arrayNames.set(id, name);
  }
  const arrays = state.arrays.fork();
  const held = variables.filter(({ kind }) => kind === 'sequence' || kind === 'dict');
  const deviceChosen = variables.some((value) => asDevice(value)?.choice !== undefined);
  report(context, {
    kind: 'timedWindow',
    node,
    start: start.trail,
    end: end.trail,
    startStatement: start.statement,
    endStatement: end.statement,
    isOneCall: start.frame === context.frame && end.frame === context.frame,
    paths,
    arrayNames,
    arrays,
    held: new Set(context.usesArrays ? idsIn(state, held) : []),
    deviceChosen,
  });
}
