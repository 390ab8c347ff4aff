import type { Span } from './tree.ts';

/** A text in which something short stands for some stretches. */
export interface CutText {
  readonly text: string;
  /** Where an offset of it lies in the whole text. */
  readonly placeOf: (offset: number) => number;
}

/** @param stretches in the order of the text, none within another */
export function cutText(whole: string, stretches: readonly Span[], standIn: string): CutText {
  const pieces: string[] = [];
  /** Where what is behind each stretch begins in the cut text, and what is added to offsets from there on. */
  const behind = [0];
  const removed = [0];
  let at = 0;
  let length = 0;
  for (const { start, end } of stretches) {
    pieces.push(whole.slice(at, start), standIn);
    length += start - at + standIn.length;
    behind.push(length);
    removed.push(end - length);
    at = end;
  }
  pieces.push(whole.slice(at));
  return {
    text: pieces.join(''),
    placeOf: (offset) => offset + (removed[lastAtMost(behind, offset)] as number),
  };
}

/** Index of the last of the ascending numbers that is not larger. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] as number) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
