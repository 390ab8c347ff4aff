import type { Tone } from './reportLine.ts';
import type { ResultBlock } from './resultBlocks.ts';

/** One cell on the page of results. */
export interface ResultCell {
  readonly key: string;
  /** The cell's marker line, or its first line. */
  readonly title: string;
  readonly first: number;
  readonly line: string;
  readonly tone: Tone;
  readonly isFinished: boolean;
  /** Absent: as it was. */
  readonly blocks?: readonly ResultBlock[];
}

/** To the page: the cells of the file in front, in the order of the file. */
export interface ShowResults {
  readonly file: string;
  readonly cells: readonly ResultCell[];
}

/** From the page. */
export type ResultsRequest =
  | { readonly type: 'ready' }
  | { readonly type: 'reveal'; readonly first: number };
