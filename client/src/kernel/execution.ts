import type { CellEvent } from './cellState.ts';

export interface CellSource {
  readonly code: string;
  /** Absolute path of the file that the cell stands in; tracebacks name it. */
  readonly filename: string;
  /** 0-based line of the cell's first line in that file. */
  readonly line: number;
  /** `profile` also times each line; absent means `run`. */
  readonly mode?: 'run' | 'profile';
  /** Compute what MLX leaves lazy, for an honest time; absent means yes. */
  readonly evaluate?: boolean;
}

export type CellEnd = 'ok' | 'error' | 'interrupted' | 'cancelled' | 'lost';

/** Who hears of a cell. */
export interface Follower {
  readonly listener: (event: CellEvent) => void;
  readonly finish?: (end: CellEnd) => void;
  /** Where the cell stands, as JSON: what finds its follower again in the next window. */
  readonly place?: () => unknown;
}

export interface Execution extends Follower {
  readonly id: number;
  readonly source: CellSource;
}

export interface SavedExecution {
  readonly id: number;
  readonly source: CellSource;
  readonly place: unknown;
}

/** A cell that may be running, of which nothing is known. */
export const unknownCell: Execution = {
  id: 0,
  source: { code: '', filename: '', line: 0 },
  listener: () => {},
};

export const savedExecution = ({ id, source, place }: Execution): SavedExecution => ({
  id,
  source,
  place: place?.() ?? null,
});

/** Executions by the last one that the kernel has taken: their numbers grow in the order in which they run. */
export const sortedBy = (
  taken: number,
  all: readonly Execution[],
): { unheard: Execution[]; last: Execution | undefined; left: Execution[] } => ({
  unheard: all.filter(({ id }) => id < taken && id !== unknownCell.id),
  last: all.find(({ id }) => id === taken && id !== unknownCell.id),
  left: all.filter(({ id }) => id > taken),
});

/** Why nobody can say how a cell ended that has. */
export const lostWithWindow = 'How it ended is not known: its window died.';

/** Tells the followers of cells that these have ended without a word from the kernel. */
export function endAll(executions: readonly Execution[], event: CellEvent, end: CellEnd): void {
  for (const { listener, finish } of executions) {
    listener(event);
    finish?.(end);
  }
}
