import * as vscode from 'vscode';
import type { CellEvent, CellState } from '../kernel/cellState.ts';
import { isFinished, newCellState, reduceCell } from '../kernel/cellState.ts';
import type { ChipPeak } from '../views/chipPeak.ts';
import { longestHistory } from '../views/runHistory.ts';
import { filenameOf } from './cellSource.ts';
import { withoutRoom } from './closedResults.ts';
import { textOfLines } from './documentCells.ts';
import type { PercentCell } from './percentCells.ts';
import type { LineChange } from './relocate.ts';
import { nearest, relocate } from './relocate.ts';

/** The last run of a cell, and the lines that it was about. */
export interface CellRun {
  /** Another one for every run. */
  readonly id: number;
  /** Of its document; another one after a renaming. */
  uri: string;
  first: number;
  last: number;
  /** What its tracebacks call the file, as it was called when it ran. */
  readonly filename: string;
  /** The lines as they were when it ran. */
  readonly text: string;
  /** How far the lines have moved since is first - ranAt. */
  readonly ranAt: number;
  state: CellState;
  startedAt: number;
  /** Its text was edited after it ran. */
  stale: boolean;
  /** Stale for so long that it is not shown: only undo brings it back. */
  hidden: boolean;
  /** Times of earlier runs of the same text in ns, the latest last. */
  readonly earlier: readonly number[];
  /** What the GPU of this machine can do; null: not known yet. */
  peak: ChipPeak | null;
}

/** Milliseconds for which an outdated result stays, dimmed. */
const staleTime = 1_000;

/** The runs of every document, and of those that are closed as many as there is room for; views listen to it. */
export class CellRuns implements vscode.Disposable {
  private readonly runs = new Map<string, CellRun[]>();
  /** Numbers of runs: none is one of an earlier window. */
  private latest = Date.now();
  /** Of an earlier window or a closed document: where they stand in a document that is opened is to be found. */
  private readonly unplaced = new Set<CellRun>();
  private readonly times = new Map<string, readonly number[]>();
  private readonly busy = new Set<CellRun>();
  private readonly changed = new vscode.EventEmitter<string>();
  private readonly changes = new Set<string>();
  private readonly listeners: vscode.Disposable[];
  private chip: ChipPeak | null = null;
  /** The uri of a document whose runs have changed. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.listeners = [
      this.changed,
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
      vscode.workspace.onDidOpenTextDocument((document) => this.place(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.closed(document)),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  get peak(): ChipPeak | null {
    return this.chip;
  }

  /** Cells may have run before the device has been read. */
  set peak(peak: ChipPeak | null) {
    this.chip = peak;
    for (const uri of this.uris) {
      for (const run of this.all(uri)) run.peak ??= peak;
      this.tell(uri);
    }
  }

  /** Documents with runs. */
  get uris(): string[] {
    return [...this.runs.keys()];
  }

  /** Those that are shown. */
  of(uri: string): readonly CellRun[] {
    return this.all(uri).filter(({ hidden }) => !hidden);
  }

  private all(uri: string): readonly CellRun[] {
    return this.runs.get(uri) ?? [];
  }

  isBusy(uri: string): boolean {
    return this.unfinished.some((run) => run.uri === uri);
  }

  /** The cells that run or wait, of every document, in the order in which they were asked for. */
  get unfinished(): CellRun[] {
    return [...this.busy];
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
      filename: filenameOf(document),
      text,
      ranAt: cell.first,
      state: newCellState,
      startedAt: Date.now(),
      stale: false,
      hidden: false,
      earlier: this.times.get(timesKey(uri, text)) ?? [],
      peak: this.peak,
    };
    const others = this.all(uri).filter(
      ({ first, last }) => last < cell.first || first > cell.last,
    );
    this.runs.set(uri, [...others, run]);
    this.busy.add(run);
    this.tell(uri);
    return run;
  }

  /** Brings back runs of an earlier window; those of lines that have run again since are out of date. */
  restore(runs: readonly CellRun[]): void {
    // Their numbers grow in the order in which they were asked for.
    for (const run of [...runs].sort((a, b) => a.id - b.id)) {
      const { uri, first, last } = run;
      if (this.of(uri).some((newer) => newer.first <= last && newer.last >= first)) continue;
      this.runs.set(uri, [...this.all(uri), run]);
      this.unplaced.add(run);
      if (!isFinished(run.state)) this.busy.add(run);
      this.times.set(timesKey(uri, run.text), run.earlier);
      if (run.state.phase === 'ok') this.remember(run);
    }
    for (const document of vscode.workspace.textDocuments) this.place(document);
  }

  find(id: number): CellRun | undefined {
    return [...this.runs.values()].flat().find((run) => run.id === id);
  }

  /** The document may have been edited while no window looked. */
  private place(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    const runs = this.all(uri).filter((run) => this.unplaced.delete(run));
    for (const run of runs) {
      const first = placeOf(document, run);
      run.stale = first === null;
      run.hidden &&= run.stale;
      if (first === null) this.hideStale(run);
      else {
        run.last += first - run.first;
        run.first = first;
      }
    }
    if (runs.length > 0) this.tell(uri);
  }

  take(run: CellRun, event: CellEvent): void {
    if (event.type === 'started') run.startedAt = Date.now();
    run.state = reduceCell(run.state, event);
    if (isFinished(run.state)) this.busy.delete(run);
    if (event.type === 'done' && event.status === 'ok') this.remember(run);
    if (run.stale && isFinished(run.state)) setTimeout(() => this.hideStale(run), staleTime);
    if (run.state.phase === 'cancelled') this.remove(run);
    else this.tell(run.uri);
  }

  moved(from: string, to: string): void {
    const runs = this.all(from);
    this.runs.delete(from);
    for (const run of runs) run.uri = to;
    if (runs.length > 0) this.runs.set(to, [...runs]);
    for (const [key, times] of this.times) {
      if (!key.startsWith(timesKey(from, ''))) continue;
      this.times.delete(key);
      this.times.set(timesKey(to, key.slice(timesKey(from, '').length)), times);
    }
    this.tell(from);
    this.tell(to);
  }

  /** The kernel of a file goes on, and so do its results: the file may come back, perhaps with another text. */
  private closed({ uri, isUntitled }: vscode.TextDocument): void {
    if (isUntitled) {
      this.forget(uri.toString());
      return;
    }
    for (const run of this.all(uri.toString())) {
      // Those closed last stand last.
      this.unplaced.delete(run);
      this.unplaced.add(run);
    }
    for (const run of withoutRoom(this.unplaced)) this.remove(run);
  }

  private forget(uri: string): void {
    this.clear(uri);
    for (const key of this.times.keys())
      if (key.startsWith(timesKey(uri, ''))) this.times.delete(key);
  }

  /** Forgets the finished runs of a document. */
  clear(uri: string): void {
    const left = this.all(uri).filter(({ state }) => !isFinished(state));
    if (left.length === 0) this.runs.delete(uri);
    else this.runs.set(uri, left);
    this.tell(uri);
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
    this.unplaced.delete(run);
    this.runs.set(
      run.uri,
      this.all(run.uri).filter((other) => other !== run),
    );
    this.tell(run.uri);
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const runs = this.all(uri);
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
      if (first === null && !run.stale) setTimeout(() => this.hideStale(run), staleTime);
      run.stale = first === null;
      run.hidden &&= run.stale;
      const place = first ?? run.first + movedAbove(run.first, changes);
      run.last += place - run.first;
      run.first = place;
    }
    this.tell(uri);
  }

  /** Once for all that happens at once: a file may have thousands of cells. */
  private tell(uri: string): void {
    if (this.changes.size === 0)
      queueMicrotask(() => {
        const changes = [...this.changes];
        this.changes.clear();
        for (const each of changes) this.changed.fire(each);
      });
    this.changes.add(uri);
  }

  private hideStale(run: CellRun): void {
    if (!run.stale || !isFinished(run.state)) return;
    run.hidden = true;
    this.tell(run.uri);
  }
}

/** By how many lines a place has moved that the changes are all above of. */
const movedAbove = (first: number, changes: readonly LineChange[]): number =>
  changes
    .filter(({ end }) => end < first)
    .reduce((moved, { start, end, count }) => moved + count - (end - start + 1), 0);

/** The line at which the lines of a run stand; null when they do not. */
const placeOf = (document: vscode.TextDocument, { first, last, text }: CellRun): number | null =>
  nearest(
    first,
    document.lineCount - (last - first),
    (line) => textOfLines(document, line, line + last - first) === text,
  );

const timesKey = (uri: string, text: string): string => `${uri}\n${text}`;
