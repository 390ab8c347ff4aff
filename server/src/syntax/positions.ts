import { lastAtOrBefore } from './lastAtOrBefore.ts';

/** Offsets and zero-based lines and columns of one text. Lines end with LF, CRLF or CR. */
export interface Positions {
  /** Column in UTF-16 units, as the language server protocol counts. */
  readonly positionAt: (offset: number) => { line: number; character: number };
  readonly offsetAt: (line: number, character: number) => number;
  /** Column in code points, as compilers count. */
  readonly columnAt: (offset: number) => { line: number; column: number };
  readonly lineCount: number;
  /** The line without its break. */
  readonly lineText: (line: number) => string;
}

export function positionsOf(text: string): Positions {
  const starts = [0];
  const breaks = /\r\n|\n|\r/g;
  for (let match = breaks.exec(text); match !== null; match = breaks.exec(text))
    starts.push(breaks.lastIndex);
  const lineAt = (offset: number): number => lastAtOrBefore(starts, offset);
  const startOf = (line: number): number => starts[line] ?? text.length;
  return {
    positionAt: (offset) => {
      const line = lineAt(offset);
      return { line, character: offset - startOf(line) };
    },
    offsetAt: (line, character) =>
      Math.min(startOf(line) + character, startOf(line + 1), text.length),
    columnAt: (offset) => {
      const line = lineAt(offset);
      return { line, column: [...text.slice(startOf(line), offset)].length };
    },
    lineCount: starts.length,
    lineText: (line) => text.slice(startOf(line), startOf(line + 1)).replace(/[\r\n]+$/, ''),
  };
}
