import { fileURLToPath } from 'node:url';
import type { NotebookDocuments, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { ModuleIndex } from '../files/moduleIndex.ts';
import { targetEnvironment } from '../files/targetEnvironment.ts';
import type { ModuleSource, SourceModule } from '../semantics/moduleSource.ts';
import type { Environment } from '../semantics/target.ts';
import { isSettingsFile } from '../syntax/settings/settingsFiles.ts';
import type { DocumentSettings } from './documentSettings.ts';
import type { AnalysedProgram, Program } from './documents.ts';
import { analyseProgram } from './documents.ts';

/** An analysis, and what it has found in other files. */
interface Entry {
  readonly key: string;
  readonly analysed: AnalysedProgram;
  readonly imports: ReadonlyMap<string, Import>;
}

interface Import {
  readonly importer: string;
  readonly level: number;
  readonly name: string;
  readonly found: SourceModule | null;
}

/** The open programs and their analyses; an analysis lives until one of its texts or imports changes. */
export class Workspace {
  private readonly cache = new Map<string, Entry>();
  private readonly documents: TextDocuments<TextDocument>;
  private readonly notebooks: NotebookDocuments<TextDocument>;
  private readonly settings: DocumentSettings;
  private readonly environmentOf: (uri: string) => Environment;
  private readonly onFailure: (rule: string, uri: string, line: number, error: unknown) => void;
  private readonly modules: ModuleIndex;
  /** Paths of the open documents; null: to be read anew. */
  private open: Map<string, TextDocument> | null = null;

  constructor(
    documents: TextDocuments<TextDocument>,
    notebooks: NotebookDocuments<TextDocument>,
    settings: DocumentSettings,
    environmentOf: (uri: string) => Environment,
    onFailure: (rule: string, uri: string, line: number, error: unknown) => void,
  ) {
    this.documents = documents;
    this.notebooks = notebooks;
    this.settings = settings;
    this.environmentOf = environmentOf;
    this.onFailure = onFailure;
    this.modules = new ModuleIndex((path) => this.openText(path));
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
    if (document === undefined) return null;
    if (document.languageId !== 'python' && !isSettingsFile(uri)) return null;
    return { id: uri, program: { sources: [sourceOf(document)], isNotebook: false } };
  }

  /** Null for what is not open, and for what the settings leave out. */
  analyse(uri: string): AnalysedProgram | null {
    const found = this.programOf(uri);
    if (found === null || this.settings.excludes(found.id)) return null;
    const { id, program } = found;
    const settings = this.settings.of(id);
    const { lint } = settings;
    const key = JSON.stringify([
      lint,
      this.modules.topOf(pathOf(id)),
      program.sources.map((source) => [source.uri, source.version]),
    ]);
    const cached = this.cache.get(id);
    const environment = targetEnvironment(this.environmentOf(id), settings);
    if (cached?.key === key && this.isCurrent(cached, environment)) return cached.analysed;
    const imports = new Map<string, Import>();
    const site = { path: pathOf(id), modules: this.recorded(imports) };
    const analysed = analyseProgram(program, lint, environment, site, cached?.analysed.module);
    for (const { rule, offset, error } of analysed.failures) {
      const place = analysed.locate({ start: offset, end: offset });
      this.onFailure(rule, place.uri, place.range.start.line + 1, error);
    }
    this.cache.set(id, { key, analysed, imports });
    return analysed;
  }

  /** Documents whose findings a change of this file may change. */
  importersOf(uri: string): string[] {
    const path = pathOf(uri);
    return [...this.cache].flatMap(([id, { analysed, imports }]) =>
      path !== '' && [...imports.values()].some(({ found }) => found?.path === path)
        ? [analysed.program.sources[0]?.uri ?? id]
        : [],
    );
  }

  /** A document has been opened or closed. */
  documentsChanged(): void {
    this.open = null;
  }

  /** A file has been created, written or deleted. */
  fileChanged(uri: string): void {
    this.modules.changed(pathOf(uri));
  }

  /** Has what an analysis found in other files changed since? */
  get hasOutdated(): boolean {
    return [...this.cache.values()].some(({ imports }) => !this.areCurrent(imports));
  }

  forget(id: string): void {
    this.cache.delete(id);
  }

  private isCurrent({ analysed, imports }: Entry, environment: Environment): boolean {
    return analysed.environment === environment && this.areCurrent(imports);
  }

  private areCurrent(imports: Entry['imports']): boolean {
    return [...imports.values()].every(
      ({ importer, level, name, found }) => this.modules.resolve(importer, level, name) === found,
    );
  }

  private recorded(imports: Map<string, Import>): ModuleSource {
    return {
      topOf: this.modules.topOf,
      resolve: (importer, level, name) => {
        const found = this.modules.resolve(importer, level, name);
        imports.set(`${importer}\0${level}\0${name}`, { importer, level, name, found });
        return found;
      },
    };
  }

  private openText(path: string): string | null {
    this.open ??= new Map(this.documents.all().map((document) => [pathOf(document.uri), document]));
    return this.open.get(path)?.getText() ?? null;
  }
}

/** "" for what is no file. */
function pathOf(uri: string): string {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : '';
  } catch {
    return '';
  }
}

const sourceOf = (document: TextDocument): { uri: string; version: number; text: string } => ({
  uri: document.uri,
  version: document.version,
  text: document.getText(),
});
