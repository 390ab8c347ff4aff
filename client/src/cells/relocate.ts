/** A change of a document: lines `start` to `end` (0-based, inclusive) became `count` lines. */
export interface LineChange {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/**
 * The line at which some lines of a document begin after changes, or null when they are no longer
 * there as they were. `isThere` says whether they stand at a line of the changed document.
 */
export function relocate(
  first: number,
  count: number,
  changes: readonly LineChange[],
  isThere: (first: number) => boolean,
): number | null {
  let places = new Set([first]);
  for (const change of changes) {
    const moved = change.count - (change.end - change.start + 1);
    const next = new Set<number>();
    for (const place of places) {
      // A change that touches the lines may be one before or behind them, as a new line is.
      if (change.start <= place + count - 1) next.add(place + moved);
      if (change.end >= place) next.add(place);
    }
    places = next;
  }
  return [...places].find(isThere) ?? null;
}

/** The place nearest to `from` of those below `end` at which something is; null when it is nowhere. */
export function nearest(
  from: number,
  end: number,
  isThere: (place: number) => boolean,
): number | null {
  for (let away = 0; away <= Math.max(from, end - from); away += 1) {
    const places = [from - away, from + away].filter((place) => place >= 0 && place < end);
    const found = places.find(isThere);
    if (found !== undefined) return found;
  }
  return null;
}
