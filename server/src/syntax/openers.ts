import type { LogicalLine } from './outline.ts';

/** For each line the one whose block it is in: the last one before it that is indented less; -1: none. */
export function openersOf(lines: readonly LogicalLine[]): Int32Array {
  const openers = new Int32Array(lines.length).fill(-1);
  for (const [i, { indent }] of lines.entries()) {
    let opener = i - 1;
    while (opener >= 0 && (lines[opener] as LogicalLine).indent >= indent)
      opener = openers[opener] as number;
    openers[i] = opener;
  }
  return openers;
}
