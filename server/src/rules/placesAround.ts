import { bodiesOf } from '../semantics/scopes.ts';
import { armsOf } from '../syntax/arms.ts';
import type { IfStatement, Span, Statement } from '../syntax/tree.ts';

/** A statement, and the list that it stands in. */
export interface PlaceInBody {
  readonly body: readonly Statement[];
  readonly index: number;
}

/**
 * The statements around a place, outermost first. Of the arms of an `if` the first and the one with the place: each lies in
 * the one before, and there may be thousands. So may be statements of one list, and both are asked for each finding.
 */
export function placesAround(body: readonly Statement[], at: Span): readonly PlaceInBody[] {
  const found: PlaceInBody[] = [];
  for (let list: readonly Statement[] | undefined = body; list !== undefined; ) {
    const index = lastFrom(list, at.start);
    const statement: Statement | undefined = list[index];
    if (statement === undefined || !isIn(at, statement)) break;
    found.push({ body: list, index });
    list = listsIn(statement, at, found).find((each) => isAround(each, at));
  }
  return found;
}

/** Where the search goes on inside a statement; the arm with the place is found on the way. */
function listsIn(
  statement: Statement,
  at: Span,
  found: PlaceInBody[],
): readonly (readonly Statement[])[] {
  if (statement.kind === 'function' || statement.kind === 'class') return [statement.body];
  if (statement.kind === 'match')
    return [statement.cases[lastFrom(statement.cases, at.start)]?.body ?? []];
  if (statement.kind !== 'if') return bodiesOf(statement);
  const arms = knownArms(statement);
  const arm = lastFrom(arms, at.start);
  const before = arms[arm - 1];
  if (before !== undefined) found.push({ body: before.orElse, index: 0 });
  const { body, orElse } = arms[arm] ?? statement;
  return arm === arms.length - 1 ? [body, orElse] : [body];
}

const known = new WeakMap<IfStatement, readonly IfStatement[]>();

function knownArms(first: IfStatement): readonly IfStatement[] {
  let arms = known.get(first);
  if (arms === undefined) {
    arms = armsOf(first);
    known.set(first, arms);
  }
  return arms;
}

const isIn = (inner: Span, outer: Span): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

const isAround = (list: readonly Statement[], at: Span): boolean => {
  const [first] = list;
  const last = list.at(-1);
  return first !== undefined && last !== undefined && first.start <= at.start && at.end <= last.end;
};

/** The last of the spans, which are in order, that begins at the offset or before it. */
function lastFrom(spans: readonly Span[], offset: number): number {
  let low = -1;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((spans[middle] as Span).start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
