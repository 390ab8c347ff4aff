import type { TimedWindowFact } from '../../semantics/facts.ts';
import type { TrailEvent } from '../../semantics/trail.ts';
import type { Expression } from '../../syntax/tree.ts';

/** Is something recorded on every path and nothing evaluated, as far as can be told? */
export const timesNothing = ({ paths }: Pick<TimedWindowFact, 'paths'>): boolean =>
  paths.length > 0 && paths.every(onlyRecords);

function onlyRecords(events: readonly TrailEvent[]): boolean {
  const kinds = new Set(events.map((event) => event.kind));
  return (
    kinds.has('record') && !kinds.has('force') && !kinds.has('schedule') && !kinds.has('unmodelled')
  );
}

/** The call of mx.synchronize() that each path makes; null when one makes none. */
export function waitsIn({ paths }: TimedWindowFact): Expression | null {
  const waits = paths.map((events) => events.findLast(({ kind }) => kind === 'wait'));
  return waits.every((wait) => wait !== undefined) ? (waits[0]?.node ?? null) : null;
}

/** Names of the arrays that were recorded in the window and are still bound. */
export function resultNames(fact: TimedWindowFact, recorded: readonly TrailEvent[]): string[] {
  const names = recorded.flatMap((event) =>
    event.kind === 'record' ? [fact.arrayNames.get(event.array)] : [],
  );
  return [
    ...new Set(names.filter((name): name is string => name !== undefined && /^\w+$/.test(name))),
  ];
}
