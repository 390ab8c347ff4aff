import * as vscode from 'vscode';
import type { CellEvent, CellState } from '../kernel/cellState.ts';
import { isFinished, newCellState, reduceCell } from '../kernel/cellState.ts';
import type { ChipPeak } from '../views/chipPeak.ts';
import { longestHistory } from '../views/runHistory.ts';
import type { PercentCell } from './percentCells.ts';
import { relocate } from './relocate.ts';

/** The last run of a cell, and the lines that it was about. */
export interface CellRun {
  /** Another one for every run. */
  readonly id: number;
  readonly uri: string;
  first: number;
  last: number;
  /** The lines as they were when it ran. */
  readonly text: string;
  /** How far the lines have moved since is first - ranAt. */
  readonly ranAt: number;
  state: CellState;
  startedAt: number;
  /** Its text was edited after it ran. */
  stale: boolean;
  /** Times of earlier runs of the same text in ns, the latest last. */
  readonly earlier: readonly number[];
  /** What the GPU of this machine can do; null: not known. */
  readonly peak: ChipPeak | null;
}

/** Milliseconds for which an outdated result stays, dimmed. */
const staleTime = 1_000;

/** The runs of every open document; views listen to it. */
export class CellRuns implements vscode.Disposable {
  private readonly runs = new Map<string, CellRun[]>();
  private latest = 0;
  private readonly times = new Map<string, readonly number[]>();
  private readonly changed = new vscode.EventEmitter<string>();
  private readonly listeners: vscode.Disposable[];
  /** Of this machine, as soon as its device has been read. */
  peak: ChipPeak | null = null;
  /** The uri of a document whose runs have changed. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.listeners = [
      this.changed,
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.clear(uri.toString());
        for (const key of this.times.keys())
          if (key.startsWith(timesKey(uri.toString(), ''))) this.times.delete(key);
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  of(uri: string): readonly CellRun[] {
    return this.runs.get(uri) ?? [];
  }

  isBusy(uri: string): boolean {
    return this.of(uri).some(({ state }) => !isFinished(state));
  }

  /** The cells that run or wait, of every document, in the order in which they were asked for. */
  get unfinished(): CellRun[] {
    return [...this.runs.values()]
      .flat()
      .filter(({ state }) => !isFinished(state))
      .sort((a, b) => a.id - b.id);
  }

  /** A new run of a cell takes the place of earlier ones of its lines. */
  begin(document: vscode.TextDocument, cell: PercentCell): CellRun {
    const uri = document.uri.toString();
    const text = textOfLines(document, cell.first, cell.last);
    this.latest += 1;
    const run: CellRun = {
      id: this.latest,
      uri,
      first: cell.first,
      last: cell.last,
      text,
      ranAt: cell.first,
      state: newCellState,
      startedAt: Date.now(),
      stale: false,
      earlier: this.times.get(timesKey(uri, text)) ?? [],
      peak: this.peak,
    };
    const others = this.of(uri).filter(({ first, last }) => last < cell.first || first > cell.last);
    this.runs.set(uri, [...others, run]);
    this.changed.fire(uri);
    return run;
  }

  take(run: CellRun, event: CellEvent): void {
    if (event.type === 'started') run.startedAt = Date.now();
    run.state = reduceCell(run.state, event);
    if (event.type === 'done' && event.status === 'ok') this.remember(run);
    if (run.state.phase === 'cancelled') this.remove(run);
    else this.changed.fire(run.uri);
  }

  /** Forgets the finished runs of a document. */
  clear(uri: string): void {
    const left = this.of(uri).filter(({ state }) => !isFinished(state));
    if (left.length === 0) this.runs.delete(uri);
    else this.runs.set(uri, left);
    this.changed.fire(uri);
  }

  /** The first run loads and compiles, and a profiled one waits after each line: no measure for others. */
  private remember({ uri, text, earlier, state: { report, profile } }: CellRun): void {
    if (
      report === null ||
      profile !== null ||
      report.caveats.some(({ kind }) => kind === 'first-run')
    )
      return;
    const times = [...earlier, report.wall].slice(-longestHistory);
    this.times.set(timesKey(uri, text), times);
  }

  private remove(run: CellRun): void {
    this.runs.set(
      run.uri,
      this.of(run.uri).filter((other) => other !== run),
    );
    this.changed.fire(run.uri);
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const runs = this.of(uri);
    if (runs.length === 0 || contentChanges.length === 0) return;
    const changes = contentChanges.map(({ range, text }) => ({
      start: range.start.line,
      end: range.end.line,
      count: text.split('\n').length,
    }));
    for (const run of runs) {
      const count = run.last - run.first + 1;
      const first = relocate(
        run.first,
        count,
        changes,
        (line) => line >= 0 && textOfLines(document, line, line + count - 1) === run.text,
      );
      run.stale = first === null;
      if (first === null) setTimeout(() => this.removeStale(run), staleTime);
      else {
        run.last += first - run.first;
        run.first = first;
      }
    }
    this.changed.fire(uri);
  }

  /** Undo brings the text back, and with it the result. */
  private removeStale(run: CellRun): void {
    if (run.stale && isFinished(run.state)) this.remove(run);
  }
}

/** What a cell is called: its marker, or its first line. */
export const titleOf = ({ text }: CellRun): string =>
  text.trim().split('\n', 1)[0]?.trim() || 'Cell';

const timesKey = (uri: string, text: string): string => `${uri}\n${text}`;

const textOfLines = (document: vscode.TextDocument, first: number, last: number): string =>
  document
    .getText(new vscode.Range(first, 0, last, Number.MAX_SAFE_INTEGER))
    .replaceAll('\r\n', '\n');
