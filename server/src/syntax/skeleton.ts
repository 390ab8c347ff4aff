import type { FunctionBody } from './functionBodies.ts';

/** A text in which `pass` stands for the blocks of its functions. */
export interface Skeleton {
  readonly text: string;
  /** Where a place of the skeleton lies in the whole text. */
  readonly placed: (offset: number) => number;
}

export function skeletonOf(text: string, bodies: readonly FunctionBody[]): Skeleton {
  const pieces: string[] = [];
  /** Offsets of the skeleton, and what is added to those from there on. */
  const borders = [0];
  const shifts = [0];
  let at = 0;
  let length = 0;
  for (const { start, end } of bodies) {
    pieces.push(text.slice(at, start), 'pass');
    length += start - at + 'pass'.length;
    at = end;
    borders.push(length);
    shifts.push(at - length);
  }
  pieces.push(text.slice(at));
  return {
    text: pieces.join(''),
    placed: (offset) => {
      let low = 0;
      let high = borders.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((borders[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      return offset + (shifts[low] as number);
    },
  };
}
