import type { Analysis } from '../../engine/analyze.ts';
import { analyze, mayHaveFindings, unparsed } from '../../engine/analyze.ts';
import { applyEdits, applyFixes, chooseFixes } from '../../engine/applyFixes.ts';
import { fileKind } from '../../files/fileKinds.ts';
import type { Applicability, Edit, Finding } from '../../rules/finding.ts';
import type { ModuleSource } from '../../semantics/moduleSource.ts';
import { cellAt } from '../../syntax/cells.ts';
import type { Notebook } from '../../syntax/notebook.ts';
import { readNotebook } from '../../syntax/notebook.ts';
import { parseFile, parseNotebook } from '../../syntax/parser.ts';
import type { Positions } from '../../syntax/positions.ts';
import { positionsOf } from '../../syntax/positions.ts';
import { readSettingsFile } from '../../syntax/settings/settingsFiles.ts';
import type { Module, Span } from '../../syntax/tree.ts';
import type { Place } from './checkedFile.ts';
import type { Job } from './job.ts';

/** A longer text would need more memory than a process gets. */
const maximumLength = 20_000_000;

/** What can be done about a file that is too much. */
export const remedy = 'split it, or leave it out with "extend-exclude"';

/** The text of a file or notebook, analysed. */
export interface Program extends Analysis {
  readonly module: Module;
  readonly placeOf: (span: Span) => Place;
  readonly linesOf: (span: Span) => readonly string[];
  /** The text after all allowed fixes; null when nothing changes. */
  readonly fix: (
    allow: Applicability,
  ) => { readonly text: string; readonly applied: Readonly<Record<string, number>> } | null;
  /** The text after edits that lie in its cells. */
  readonly edit: (edits: readonly Edit[]) => string;
}

/** Throws an Error with one sentence when a notebook cannot be read, or a text is too long. */
export function analyseProgram(text: string, job: Job, modules: ModuleSource): Program {
  if (fileKind(job.path) !== 'notebook') return analyseCells([text], null, job, modules);
  const read = readNotebook(text);
  if (!read.ok) throw new Error(`it is ${read.reason}`);
  return analyseCells(read.notebook.cells, read.notebook, job, modules);
}

function analyseCells(
  cells: readonly string[],
  notebook: Notebook | null,
  { path, lint, environment }: Job,
  modules: ModuleSource,
): Program {
  const length = cells.reduce((sum, text) => sum + text.length, 0);
  if (length > maximumLength && mayHaveFindings(cells))
    throw new Error(
      `it has ${length.toLocaleString('en-US')} characters, more than the ${maximumLength.toLocaleString('en-US')} that are read; ${remedy}`,
    );
  const site = { path, modules };
  const parse = (texts: readonly string[]): Module => {
    if (!mayHaveFindings(texts)) return unparsed(texts);
    if (notebook !== null) return parseNotebook(texts);
    return readSettingsFile(path, texts[0] ?? '') ?? parseFile(texts[0] ?? '');
  };
  const module = parse(cells);
  const positions = new Map<number, Positions>();
  const positionsIn = (cell: number): Positions => {
    const known = positions.get(cell) ?? positionsOf(cells[cell] ?? '');
    positions.set(cell, known);
    return known;
  };
  const find = (texts: readonly string[]): readonly Finding[] =>
    analyze(parse(texts), lint, environment, site).findings;
  const joined = (texts: readonly string[]): string =>
    notebook === null ? (texts[0] as string) : notebook.withCells(texts);
  return {
    ...analyze(module, lint, environment, site),
    module,
    placeOf: (span) => {
      const { cell, offset } = cellAt(module.cellStarts, span.start);
      const start = positionsIn(cell).columnAt(offset);
      const end = positionsIn(cell).columnAt(span.end - (module.cellStarts[cell] ?? 0));
      return {
        cell: notebook === null ? null : (notebook.numbers[cell] ?? null),
        location: { row: start.line + 1, column: start.column + 1 },
        end: { row: end.line + 1, column: end.column + 1 },
      };
    },
    linesOf: (span) => {
      const { cell, offset } = cellAt(module.cellStarts, span.start);
      const first = positionsIn(cell).columnAt(offset).line;
      const last = positionsIn(cell).columnAt(span.end - (module.cellStarts[cell] ?? 0)).line;
      return Array.from({ length: Math.min(last - first + 1, 20) }, (_, i) =>
        positionsIn(cell).lineText(first + i),
      );
    },
    fix: (allow) => {
      const fixed =
        notebook === null
          ? fixFile(cells[0] ?? '', (text) => find([text]), allow)
          : fixNotebook(cells, parse, find, allow);
      if (fixed.cells.every((cell, i) => cell === cells[i])) return null;
      // A fix that breaks the syntax is a defect of Smelt and is not written.
      if (parse(fixed.cells).broken && !module.broken) return null;
      return { text: joined(fixed.cells), applied: Object.fromEntries(fixed.applied) };
    },
    edit: (edits) =>
      joined(
        cells.map((text, i) =>
          applyEdits(text, editsInCell(edits, module.cellStarts[i] ?? 0, text.length)),
        ),
      ),
  };
}

interface FixedCells {
  readonly cells: readonly string[];
  readonly applied: ReadonlyMap<string, number>;
}

function fixFile(
  text: string,
  find: (text: string) => readonly Finding[],
  allow: Applicability,
): FixedCells {
  const { text: fixed, applied } = applyFixes(text, find, allow);
  return { cells: [fixed], applied };
}

/** Edits are applied cell by cell, so that the borders of the cells survive. */
function fixNotebook(
  cells: readonly string[],
  parse: (texts: readonly string[]) => Module,
  find: (texts: readonly string[]) => readonly Finding[],
  allow: Applicability,
): FixedCells {
  let current = [...cells];
  const applied = new Map<string, number>();
  for (let round = 0; round < 10; round++) {
    const { edits, codes } = chooseFixes(find(current), allow);
    if (codes.length === 0) break;
    const starts = parse(current).cellStarts;
    for (const code of codes) applied.set(code, (applied.get(code) ?? 0) + 1);
    current = current.map((text, cell) =>
      applyEdits(text, editsInCell(edits, starts[cell] ?? 0, text.length)),
    );
  }
  return { cells: current, applied };
}

const editsInCell = (edits: readonly Edit[], start: number, length: number): Edit[] =>
  edits
    .filter((edit) => edit.start >= start && edit.start <= start + length)
    .map((edit) => ({
      start: edit.start - start,
      end: Math.min(edit.end - start, length),
      text: edit.text,
    }));
