import type { NotebookDocuments, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { LintSettings } from '../engine/settings.ts';
import type { Environment } from '../semantics/target.ts';
import type { PythonParser } from '../syntax/parser.ts';
import type { AnalysedProgram, Program } from './documents.ts';
import { analyseProgram } from './documents.ts';

/** The open programs and their analyses; an analysis lives until one of its texts changes. */
export class Workspace {
  private readonly cache = new Map<string, { key: string; analysed: AnalysedProgram }>();
  private readonly parser: PythonParser;
  private readonly documents: TextDocuments<TextDocument>;
  private readonly notebooks: NotebookDocuments<TextDocument>;
  private readonly environmentOf: (uri: string) => Environment;
  private readonly onFailure: (rule: string, uri: string, line: number, error: unknown) => void;

  constructor(
    parser: PythonParser,
    documents: TextDocuments<TextDocument>,
    notebooks: NotebookDocuments<TextDocument>,
    environmentOf: (uri: string) => Environment,
    onFailure: (rule: string, uri: string, line: number, error: unknown) => void,
  ) {
    this.parser = parser;
    this.documents = documents;
    this.notebooks = notebooks;
    this.environmentOf = environmentOf;
    this.onFailure = onFailure;
  }

  /** The program that a document (a file or a cell) belongs to; null when it is not open. */
  programOf(uri: string): { readonly id: string; readonly program: Program } | null {
    const notebook = this.notebooks.findNotebookDocumentForCell(uri);
    if (notebook !== undefined) {
      const sources = notebook.cells.flatMap((cell) => {
        const document = this.notebooks.getCellTextDocument(cell);
        return document !== undefined && document.languageId === 'python'
          ? [sourceOf(document)]
          : [];
      });
      return { id: notebook.uri, program: { sources, isNotebook: true } };
    }
    const document = this.documents.get(uri);
    if (document === undefined || document.languageId !== 'python') return null;
    return { id: uri, program: { sources: [sourceOf(document)], isNotebook: false } };
  }

  analyse(uri: string, settings: LintSettings): AnalysedProgram | null {
    const found = this.programOf(uri);
    if (found === null) return null;
    const { id, program } = found;
    const key = JSON.stringify([
      settings,
      program.sources.map((source) => [source.uri, source.version]),
    ]);
    const cached = this.cache.get(id);
    const environment = this.environmentOf(id);
    if (cached?.key === key && cached.analysed.environment === environment) return cached.analysed;
    const analysed = analyseProgram(this.parser, program, settings, environment);
    for (const { rule, offset, error } of analysed.failures) {
      const place = analysed.locate({ start: offset, end: offset });
      this.onFailure(rule, place.uri, place.range.start.line + 1, error);
    }
    this.cache.set(id, { key, analysed });
    return analysed;
  }

  forget(id: string): void {
    this.cache.delete(id);
  }
}

const sourceOf = (document: TextDocument): { uri: string; version: number; text: string } => ({
  uri: document.uri,
  version: document.version,
  text: document.getText(),
});
