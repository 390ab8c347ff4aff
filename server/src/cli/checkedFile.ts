import { resolve } from 'node:path';
import type { RuleFailure } from '../engine/analyze.ts';
import { analyze, mayHaveFindings, unparsed } from '../engine/analyze.ts';
import { applyEdits, applyFixes, chooseFixes } from '../engine/applyFixes.ts';
import type { LintSettings } from '../engine/settings.ts';
import type { Applicability, Edit, Finding } from '../rules/finding.ts';
import type { ImportSite, ModuleSource } from '../semantics/moduleSource.ts';
import type { Environment } from '../semantics/target.ts';
import { cellAt } from '../syntax/cells.ts';
import type { Notebook } from '../syntax/notebook.ts';
import { readNotebook } from '../syntax/notebook.ts';
import type { PythonParser } from '../syntax/parser.ts';
import { positionsOf } from '../syntax/positions.ts';
import type { Module, Span } from '../syntax/tree.ts';

/** A place as people count: from 1, columns in code points. */
export interface Location {
  readonly row: number;
  readonly column: number;
}

export interface Place {
  /** Number of the notebook cell among all cells, from 1; null in a file. */
  readonly cell: number | null;
  readonly location: Location;
  readonly end: Location;
  /** The lines of the place, and the number of the first. */
  readonly lines: readonly string[];
}

/** A file with its findings, and where they are. */
export interface CheckedFile {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
  readonly locate: (span: Span) => Place;
  /** The text after all allowed fixes; null when nothing changes. */
  readonly fix: (allow: Applicability) => { text: string; applied: number } | null;
}

/** Throws an Error with one sentence when a notebook cannot be read. */
export function checkText(
  parser: PythonParser,
  path: string,
  text: string,
  settings: LintSettings,
  environment: Environment,
  modules: ModuleSource,
): CheckedFile {
  const site = { path: resolve(path), modules };
  if (!path.endsWith('.ipynb'))
    return checkCells(parser, path, [text], null, settings, environment, site);
  const read = readNotebook(text);
  if (!read.ok) throw new Error(`it is ${read.reason}`);
  return checkCells(parser, path, read.notebook.cells, read.notebook, settings, environment, site);
}

function checkCells(
  parser: PythonParser,
  path: string,
  cells: readonly string[],
  notebook: Notebook | null,
  settings: LintSettings,
  environment: Environment,
  site: ImportSite,
): CheckedFile {
  const parse = (texts: readonly string[]): Module => {
    if (!mayHaveFindings(texts)) return unparsed(texts);
    return notebook === null ? parser.parseFile(texts[0] ?? '') : parser.parseNotebook(texts);
  };
  const module = parse(cells);
  const { findings, failures } = analyze(module, settings, environment, site);
  const positions = cells.map((cell) => positionsOf(cell));
  return {
    path,
    findings,
    failures,
    locate: (span) => {
      const at = cellAt(module.cellStarts, span.start);
      const inCell = positions[at.cell] ?? positionsOf('');
      const start = inCell.columnAt(at.offset);
      const end = inCell.columnAt(span.end - (module.cellStarts[at.cell] ?? 0));
      return {
        cell: notebook === null ? null : (notebook.numbers[at.cell] ?? null),
        location: { row: start.line + 1, column: start.column + 1 },
        end: { row: end.line + 1, column: end.column + 1 },
        lines: Array.from({ length: Math.min(end.line - start.line + 1, 20) }, (_, i) =>
          inCell.lineText(start.line + i),
        ),
      };
    },
    fix: (allow) => {
      const find = (texts: readonly string[]): readonly Finding[] =>
        analyze(parse(texts), settings, environment, site).findings;
      const fixed =
        notebook === null
          ? fixFile(cells[0] ?? '', (text) => find([text]), allow)
          : fixNotebook(cells, parse, find, allow);
      if (fixed.cells.every((cell, i) => cell === cells[i])) return null;
      // A fix that breaks the syntax is a defect of Smelt and is not written.
      if (parse(fixed.cells).broken && !module.broken) return null;
      return {
        text: notebook === null ? (fixed.cells[0] as string) : notebook.withCells(fixed.cells),
        applied: fixed.applied,
      };
    },
  };
}

interface FixedCells {
  readonly cells: readonly string[];
  readonly applied: number;
}

function fixFile(
  text: string,
  find: (text: string) => readonly Finding[],
  allow: Applicability,
): FixedCells {
  const result = applyFixes(text, find, allow);
  return { cells: [result.text], applied: [...result.applied.values()].reduce((a, b) => a + b, 0) };
}

/** Edits are applied cell by cell, so that the borders of the cells survive. */
function fixNotebook(
  cells: readonly string[],
  parse: (texts: readonly string[]) => Module,
  find: (texts: readonly string[]) => readonly Finding[],
  allow: Applicability,
): FixedCells {
  let current = [...cells];
  let applied = 0;
  for (let round = 0; round < 10; round++) {
    const { edits, codes } = chooseFixes(find(current), allow);
    if (codes.length === 0) break;
    const starts = parse(current).cellStarts;
    applied += codes.length;
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
