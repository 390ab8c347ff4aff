import { longStrings } from './logicalLines.ts';

/** A `# %%` cell of a Python file. Lines are 0-based; `last` is the last line that is not blank. */
export interface PercentCell {
  /** Line of the marker; for code before the first marker its first line. */
  readonly first: number;
  /** First line of code: the one after the marker. */
  readonly code: number;
  readonly last: number;
}

const marker = /^#\s*%%/;
const markdown = /^#\s*%%.*\[(?:markdown|md|raw)\]/i;
/** What a cell of this text is called: the title of its marker, or its first line of code. */
export function titleOf(text: string): string {
  const [first = '', second = ''] = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return (marker.test(first) ? first.replace(marker, '').trim() || second : first).trim() || 'Cell';
}

const docstring = /^\s*(?:[rRuU]?("""|''')(?:(?!\1)[\s\S])*\1)?\s*$/;

/**
 * The cells of a Python file. Code before the first marker is a cell, a docstring or comments there
 * are none; Markdown cells are left out. A file without markers has no cells.
 */
export function percentCells(text: string): PercentCell[] {
  const lines = text.split(/\r\n|\r|\n/);
  const markers = markersOf(lines);
  if (markers.length === 0) return [];
  const cells: PercentCell[] = [];
  const preamble = lines.slice(0, markers[0]);
  if (!docstring.test(preamble.filter((line) => !/^\s*#/.test(line)).join('\n'))) {
    const first = preamble.findIndex((line) => line.trim() !== '');
    cells.push({ first, code: first, last: lastLine(lines, first, markers[0] as number) });
  }
  markers.forEach((first, i) => {
    if (markdown.test(lines[first] as string)) return;
    const end = markers[i + 1] ?? lines.length;
    cells.push({ first, code: first + 1, last: lastLine(lines, first, end) });
  });
  return cells;
}

/** Lines that begin a cell. What looks like a marker inside a string is text. */
function markersOf(lines: readonly string[]): number[] {
  const found = lines.flatMap((line, i) => (marker.test(line) ? [i] : []));
  if (found.length === 0) return [];
  const strings = longStrings(lines);
  return found.filter((at) => !strings.some(({ first, last }) => first < at && at <= last));
}

/** A file without markers, as one cell; null when it is blank. */
export function wholeFile(text: string): PercentCell | null {
  const lines = text.split(/\r\n|\r|\n/);
  const last = lastLine(lines, -1, lines.length);
  return last < 0 ? null : { first: 0, code: 0, last };
}

/** The cell that a line lies in; a blank line after a cell still belongs to it. */
export const cellAtLine = (cells: readonly PercentCell[], line: number): PercentCell | undefined =>
  cells.findLast(({ first }) => first <= line) ?? cells[0];

function lastLine(lines: readonly string[], first: number, end: number): number {
  let last = end - 1;
  while (last > first && lines[last]?.trim() === '') last -= 1;
  return last;
}
