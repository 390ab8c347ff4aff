import * as vscode from 'vscode';
import type { CellRun, CellRuns } from '../cells/cellRuns.ts';
import type { CellState } from '../kernel/cellState.ts';
import type { Error as CellError } from '../kernel/messages.gen.ts';

/** `source` of what running has shown. */
export const runSource = 'smelt run';

/** Where the code of a run stands now. */
interface Place {
  readonly uri: vscode.Uri;
  /** What tracebacks call it. */
  readonly filename: string;
  /** First line of the cell. */
  readonly first: number;
  /** Lines that it has moved since it ran. */
  readonly moved: number;
}

/** What running has shown, on the line that it is about: the error of a failed cell, operators on the CPU. */
export class RunDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('smelt-run');
  private readonly listeners: vscode.Disposable[];
  private readonly shown = new Map<string, string>();

  constructor(runs: CellRuns) {
    this.listeners = [
      this.collection,
      runs.onDidChange((uri) => this.follow(uri, runs.of(uri))),
      // A closed file is no problem: its errors come back with it.
      vscode.workspace.onDidOpenTextDocument(({ uri }) =>
        this.follow(uri.toString(), runs.of(uri.toString())),
      ),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (this.shown.delete(uri.toString())) this.collection.delete(uri);
      }),
      // What is said of a notebook cell is said of its text as it was.
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const isCell = document.uri.scheme === 'vscode-notebook-cell';
        if (isCell && contentChanges.length > 0) this.collection.delete(document.uri);
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  /** Shows what running has shown of a notebook cell; an unfinished state clears it. */
  showCell(cell: vscode.NotebookCell, filename: string, state: CellState): void {
    const place = { uri: cell.document.uri, filename, first: 0, moved: 0 };
    this.collection.set(cell.document.uri, diagnosticsOf(state, place));
  }

  private follow(uri: string, runs: readonly CellRun[]): void {
    const told = isOpen(uri) ? runs.filter(({ state, stale }) => !stale && isTold(state)) : [];
    const key = told.map(({ first, state }) => `${first} ${markOf(state)}`).join();
    if (this.shown.get(uri) === key || (key === '' && !this.shown.has(uri))) return;
    this.shown.set(uri, key);
    this.collection.set(
      vscode.Uri.parse(uri),
      told.flatMap((run) => diagnosticsOf(run.state, placeOf(run))),
    );
  }
}

const isOpen = (uri: string): boolean =>
  vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri);

const diagnosticsOf = (state: CellState, place: Place): vscode.Diagnostic[] => [
  ...errorOf(state, place),
  ...fallbacksOf(state, place),
];

function errorOf({ error, phase }: CellState, place: Place): vscode.Diagnostic[] {
  if (error === null || phase === 'interrupted') return [];
  const line = lineOf(error, place);
  const text = error.evalue === '' ? error.ename : `${error.ename}: ${error.evalue}`;
  const message = error.explanation === null ? text : `${text}\n${error.explanation}`;
  const diagnostic = onLine(place.uri, line, message, vscode.DiagnosticSeverity.Error);
  if (error.rule !== null) diagnostic.code = error.rule;
  return [diagnostic];
}

/** The innermost line of the file itself: below it is the library's business. */
function lineOf({ frames }: CellError, { filename, first, moved }: Place): number {
  const frame = frames.findLast((each) => each.filename === filename);
  return frame === undefined ? first : frame.line + moved;
}

/** Does the hover of the line after a cell come with that of its error? */
export const hasErrorInLastLine = (run: CellRun): boolean =>
  run.state.error !== null && lineOf(run.state.error, placeOf(run)) === run.last;

const isTold = ({ error, report }: CellState): boolean =>
  error !== null || (report !== null && report.fallbacks.length > 0);

const markOf = ({ error, report }: CellState): string => `${error?.mark} ${report?.mark}`;

const placeOf = (run: CellRun): Place => ({
  uri: vscode.Uri.parse(run.uri),
  filename: run.filename,
  first: run.first,
  moved: run.first - run.ranAt,
});

/** An operator that fell back is said on its line, with how often it did. */
const fallbacksOf = ({ report }: CellState, place: Place): vscode.Diagnostic[] =>
  (report?.fallbacks ?? [])
    .filter(({ filename }) => filename === place.filename)
    .map(({ operator, line, count }) => {
      const times = count === 1 ? 'once' : `${count} times`;
      return onLine(
        place.uri,
        line + place.moved,
        `${operator} ran on the CPU ${times}: MPS does not have it, so its tensors were copied there and back.`,
        vscode.DiagnosticSeverity.Warning,
      );
    });

function onLine(
  uri: vscode.Uri,
  line: number,
  message: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const at = Math.max(0, line);
  const document = vscode.workspace.textDocuments.find((each) => `${each.uri}` === `${uri}`);
  const start =
    document !== undefined && at < document.lineCount
      ? document.lineAt(at).firstNonWhitespaceCharacterIndex
      : 0;
  const range = new vscode.Range(at, start, at, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, message, severity);
  diagnostic.source = runSource;
  return diagnostic;
}
