import type { TimedWindowFact } from '../semantics/facts.ts';
import type { RecordedValues } from '../semantics/recordedValues.ts';
import type { Trail, TrailEvent } from '../semantics/trail.ts';
import type { Expression, Module } from '../syntax/tree.ts';
import { grouped } from './grouped.ts';
import type { Operation } from './timedOperations.ts';
import { operationsText, repetitionsOf } from './timedOperations.ts';

/** What the time between two clock readings is the time of. */
export interface TimedContent {
  readonly fact: TimedWindowFact;
  readonly kind: 'enqueued' | 'synchronised' | 'recorded' | 'evaluated';
  readonly operations: readonly Operation[];
  /** Arrays made before the window and computed in it. */
  readonly making: readonly string[];
  /** Work that was enqueued before the window may end in it. */
  readonly pending: boolean;
}

/** Contents by timed window, as far as all its runs agree. */
export function timedContents(
  facts: readonly TimedWindowFact[],
  module: Module,
  values: RecordedValues,
): { readonly content: TimedContent; readonly text: string }[] {
  const byNode = grouped(facts, ({ node }) => node);
  return [...byNode.values()].flatMap((runs) => {
    const reached = runs.filter((fact) => fact.reached);
    const contents = (reached.length > 0 ? reached : runs).map((fact) =>
      contentOf(fact, module, values),
    );
    const text = commonText(contents);
    const content = contents.at(-1);
    return text === null || content === null || content === undefined ? [] : [{ content, text }];
  });
}

/** A window in a loop may make its inputs in the first round only. */
function commonText(contents: readonly (TimedContent | null)[]): string | null {
  const texts = new Set(contents.map((content) => (content === null ? null : textOf(content))));
  const [first] = texts;
  if (texts.size === 1) return first ?? null;
  const known = contents.filter((content) => content !== null);
  const rest = new Set(known.map((content) => textOf({ ...content, making: [] })));
  const [common] = rest;
  const making = known[0]?.making ?? [];
  const others = known.slice(1);
  if (
    known.length < contents.length ||
    rest.size !== 1 ||
    common === undefined ||
    others.some((content) => content.making.length > 0)
  )
    return null;
  return `${common}; the first time also making ${listed(making)}`;
}

function contentOf(
  fact: TimedWindowFact,
  module: Module,
  values: RecordedValues,
): TimedContent | null {
  const contents = fact.paths.map((events) => pathContent(fact, events, module, values));
  const [first] = contents;
  if (first === undefined || first === null) return null;
  const text = textOf(first);
  return contents.every((content) => content !== null && textOf(content) === text) ? first : null;
}

function pathContent(
  fact: TimedWindowFact,
  events: readonly TrailEvent[],
  module: Module,
  values: RecordedValues,
): TimedContent | null {
  // It may have worked on anything, which nobody could count.
  if (events.some((event) => event.kind === 'unmodelled' && event.reach === 'anything'))
    return null;
  const isTorch = events.some(({ kind }) => kind === 'work');
  const isMlx = events.some(({ kind }) => kind === 'record' || kind === 'force');
  if (isTorch === isMlx) return null;
  return isTorch
    ? torchContent(fact, events, module, values)
    : mlxContent(fact, events, module, values);
}

function torchContent(
  fact: TimedWindowFact,
  events: readonly TrailEvent[],
  module: Module,
  values: RecordedValues,
): TimedContent | null {
  const nodes = grouped(
    events.filter(({ kind }) => kind === 'work'),
    ({ node }) => node,
  );
  const operations = [...nodes].map(([node, runs]): Operation => {
    const total = repetitionsOf(node, runs.length, fact, module, values);
    return { node, total, computed: total };
  });
  const after = events.slice(events.findLastIndex(({ kind }) => kind === 'work') + 1);
  const kind = after.some((event) => event.kind === 'sync') ? 'synchronised' : 'enqueued';
  // Printing something unknown may have waited.
  if (kind === 'enqueued' && after.some((event) => event.kind === 'unmodelled')) return null;
  const pending = kind === 'synchronised' && isPending(fact.start);
  return { fact, kind, operations, making: [], pending };
}

/** Was work enqueued before this point on every path, with nothing that waited for it? */
function isPending(start: Trail): boolean {
  let at: Trail | undefined = start;
  for (let steps = 0; at !== undefined && steps < 1000; steps += 1) {
    if (at.event?.kind === 'work') return true;
    if (at.event?.kind === 'sync' || at.event?.kind === 'unmodelled') return false;
    if (at.before.length > 1) return at.before.every(isPending);
    at = at.before[0];
  }
  return false;
}

function mlxContent(
  fact: TimedWindowFact,
  events: readonly TrailEvent[],
  module: Module,
  values: RecordedValues,
): TimedContent | null {
  // Printing something unknown may have evaluated it.
  if (events.some(({ kind }) => kind === 'unmodelled')) return null;
  const computed = new Set<number>();
  const scheduled = new Set<number>();
  for (const event of events) {
    if (event.kind === 'force') for (const array of event.computed) computed.add(array);
    if (event.kind === 'schedule') for (const array of event.scheduled) scheduled.add(array);
    if (event.kind === 'wait') for (const array of scheduled) computed.add(array);
  }
  // What has only been started may end inside the window or after it.
  if ([...scheduled].some((array) => !computed.has(array))) return null;
  const recorded = new Map<Expression, number[]>();
  for (const event of events)
    if (event.kind === 'record')
      recorded.set(event.node, [...(recorded.get(event.node) ?? []), event.array]);
  const operations: Operation[] = [];
  for (const [node, arrays] of recorded) {
    const total = repetitionsOf(node, arrays.length, fact, module, values);
    const done = arrays.filter((array) => computed.has(array)).length;
    // The interpreter runs a loop for two rounds: of those all, none, or the last one is computed.
    if (done === arrays.length) operations.push({ node, total, computed: total });
    else if (done === 0) operations.push({ node, total, computed: 0 });
    else if (done === 1 && computed.has(arrays.at(-1) as number))
      operations.push({ node, total, computed: 1 });
    else return null;
  }
  const inside = new Set([...recorded.values()].flat());
  const inputs = [...computed].filter((array) => !inside.has(array));
  const names = inputs.flatMap((array) => fact.arrayNames.get(array) ?? []);
  const making = [...new Set(names.filter((name) => /^\w+$/.test(name)))].sort();
  if (operations.length === 0 && making.length === 0) return null;
  return {
    fact,
    kind: computed.size === 0 ? 'recorded' : 'evaluated',
    operations,
    making,
    pending: false,
  };
}

/** One line, as a lens shows it. */
export function textOf({ kind, operations, making, pending }: TimedContent): string {
  const isRecorded = kind === 'recorded';
  const what = operationsText(
    isRecorded ? operations.map((each) => ({ ...each, computed: each.total })) : operations,
  );
  switch (kind) {
    case 'enqueued':
      return `Times the enqueueing of ${what} on mps, not ${isOne(operations) ? 'its' : 'their'} computation`;
    case 'synchronised':
      return `Measures ${what} on mps, synchronised${pending ? ', and what was enqueued before' : ''}`;
    case 'recorded':
      return `Times the recording of ${what}: nothing is computed`;
    case 'evaluated': {
      const parts = making.length === 0 ? [] : [`making ${listed(making)}`];
      if (operations.length > 0) parts.push(what);
      const isWhole = operations.every(({ total, computed }) => total === computed);
      return making.length === 0 && isWhole
        ? `Measures ${what}, evaluated`
        : `Measures: ${parts.join(', ')}`;
    }
  }
}

const isOne = (operations: readonly Operation[]): boolean =>
  operations.length === 1 && operations[0]?.total === 1;

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
