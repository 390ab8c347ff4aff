import type { Range } from 'vscode-languageserver';
import type { Analysis } from '../engine/analyze.ts';
import { analyze, mayHaveFindings, unparsed } from '../engine/analyze.ts';
import type { ProgramValues } from '../engine/programValues.ts';
import { programValues } from '../engine/programValues.ts';
import type { LintSettings } from '../engine/settings.ts';
import type { Edit, Finding } from '../rules/finding.ts';
import type { ImportSite } from '../semantics/moduleSource.ts';
import type { Environment } from '../semantics/target.ts';
import { cellAt } from '../syntax/cells.ts';
import { parseFile, parseNotebook } from '../syntax/parser.ts';
import type { Positions } from '../syntax/positions.ts';
import { positionsOf } from '../syntax/positions.ts';
import { readSettingsFile } from '../syntax/settings/settingsFiles.ts';
import type { Module, Span } from '../syntax/tree.ts';

/** Longer texts are not analysed: nobody wrote them, and the editor must stay quick. */
export const maximumLength = 2_000_000;

/** A text document: a file, or one cell of a notebook. */
export interface TextSource {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** One program: a file alone, or the code cells of a notebook in order. */
export interface Program {
  readonly sources: readonly TextSource[];
  readonly isNotebook: boolean;
}

export interface AnalysedProgram extends Analysis {
  readonly program: Program;
  readonly lint: LintSettings;
  readonly environment: Environment;
  readonly site: ImportSite;
  readonly module: Module;
  /** Made when they are first asked for: findings do not need them. */
  readonly values: () => ProgramValues;
  /** Was it too long to be looked at? */
  readonly tooLong: boolean;
  /** Findings that begin in this source. */
  readonly findingsIn: (uri: string) => readonly Finding[];
  /** A span as a place in one of the sources. */
  readonly locate: (span: Span) => { readonly uri: string; readonly range: Range };
  /** Edits grouped by the source that they change. */
  readonly editsBySource: (
    edits: readonly Edit[],
  ) => ReadonlyMap<string, { range: Range; newText: string }[]>;
  readonly offsetIn: (uri: string, line: number, character: number) => number | null;
}

export function analyseProgram(
  program: Program,
  settings: LintSettings,
  environment: Environment,
  site: ImportSite,
  before?: Module,
): AnalysedProgram {
  const texts = program.sources.map((source) => source.text);
  const mayMatter = mayHaveFindings(texts);
  const tooLong = mayMatter && texts.reduce((sum, text) => sum + text.length, 0) > maximumLength;
  const module =
    tooLong || !mayMatter
      ? unparsed(texts)
      : program.isNotebook
        ? parseNotebook(texts)
        : (readSettingsFile(program.sources[0]?.uri ?? '', texts[0] ?? '') ??
          parseFile(texts[0] ?? '', before));
  const analysis = analyze(module, settings, environment, site);
  const positions = new Map<number, Positions>();
  const positionsIn = (cell: number): Positions => {
    const known = positions.get(cell) ?? positionsOf(texts[cell] ?? '');
    positions.set(cell, known);
    return known;
  };
  const locate = (span: Span): { uri: string; range: Range } => {
    const start = cellAt(module.cellStarts, span.start);
    const end = span.end - (module.cellStarts[start.cell] ?? 0);
    const inCell = positionsIn(start.cell);
    return {
      uri: program.sources[start.cell]?.uri ?? '',
      range: { start: inCell.positionAt(start.offset), end: inCell.positionAt(end) },
    };
  };
  let values: ProgramValues | undefined;
  return {
    ...analysis,
    values: () => {
      values ??= programValues(module, environment, site);
      return values;
    },
    program,
    lint: settings,
    environment,
    site,
    module,
    tooLong,
    locate,
    findingsIn: (uri) =>
      program.isNotebook
        ? analysis.findings.filter((finding) => locate(finding).uri === uri)
        : analysis.findings,
    editsBySource: (edits) => {
      const bySource = new Map<string, { range: Range; newText: string }[]>();
      for (const edit of edits) {
        const { uri, range } = locate(edit);
        bySource.set(uri, [...(bySource.get(uri) ?? []), { range, newText: edit.text }]);
      }
      return bySource;
    },
    offsetIn: (uri, line, character) => {
      const cell = program.sources.findIndex((source) => source.uri === uri);
      if (cell === -1) return null;
      return positionsIn(cell).offsetAt(line, character) + (module.cellStarts[cell] ?? 0);
    },
  };
}
