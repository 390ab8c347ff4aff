import { lastAtOrBefore } from './lastAtOrBefore.ts';

/** Notebook cells as one text: the offsets of a notebook's Module index it. */
export interface JoinedCells {
  readonly text: string;
  /** Start offset of each cell; [0] for a notebook without cells. */
  readonly starts: readonly number[];
}

export function joinCells(cells: readonly string[]): JoinedCells {
  const starts: number[] = [];
  let at = 0;
  for (const cell of cells) {
    starts.push(at);
    at += cell.length + 1;
  }
  return { text: cells.join('\n'), starts: starts.length === 0 ? [0] : starts };
}

/** The cell that an offset of the joined text lies in, and the offset inside it. */
export function cellAt(
  starts: readonly number[],
  offset: number,
): { cell: number; offset: number } {
  const cell = lastAtOrBefore(starts, offset);
  return { cell, offset: offset - (starts[cell] ?? 0) };
}
