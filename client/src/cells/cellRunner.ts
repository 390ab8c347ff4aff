import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';
import type { CellEnd, CellSource, Session } from '../kernel/session.ts';
import { askForInput } from './askForInput.ts';
import type { CellRun, CellRuns } from './cellRuns.ts';
import { sourceOf } from './cellSource.ts';
import { CellOutputLog } from './outputLog.ts';
import type { PercentCell } from './percentCells.ts';

/** A cell between the press of a key and its end. */
interface Pending {
  readonly run: CellRun;
  readonly source: CellSource;
  /** null: its kernel is not there yet. */
  session: Session | null;
}

/** Runs cells of Python files and keeps what comes of them in CellRuns. */
export class CellRunner {
  private readonly kernels: Kernels;
  private readonly runs: CellRuns;
  private readonly output: vscode.OutputChannel;
  private readonly ran: () => void;
  private readonly pending = new Map<number, Pending>();

  /** @param ran a cell has run well */
  constructor(kernels: Kernels, runs: CellRuns, output: vscode.OutputChannel, ran: () => void) {
    this.kernels = kernels;
    this.runs = runs;
    this.output = output;
    this.ran = ran;
  }

  /** Runs cells in order, up to the first that does not end well; resolves when the last has ended. */
  async run(
    document: vscode.TextDocument,
    cells: readonly PercentCell[],
    mode: 'run' | 'profile' = 'run',
  ): Promise<CellEnd> {
    // The lines as they are now: the document may change while a kernel starts.
    const pending = cells.map(
      (cell): Pending => ({
        source: sourceOf(document, cell, mode),
        run: this.runs.begin(document, cell),
        session: null,
      }),
    );
    for (const each of pending) this.pending.set(each.run.id, each);
    const session = await this.kernels.of(document.uri);
    if (session === null) for (const { run } of pending) this.cancel(run.id);
    const ends = await Promise.all(pending.map((each) => this.execute(session, each)));
    const failed = ends.find((end) => end !== 'ok');
    if (failed === undefined) this.ran();
    return failed ?? 'ok';
  }

  /** Takes a cell that waits out of the queue, by the id of its run; one that runs goes on. */
  cancel(id: number): void {
    const waiting = this.pending.get(id);
    if (waiting?.run.state.phase !== 'queued') return;
    if (waiting.session !== null) waiting.session.drop(waiting.source);
    else {
      this.pending.delete(id);
      this.runs.take(waiting.run, { type: 'cancelled' });
    }
  }

  /** Takes every cell that waits out of the queue: of one document, or of all. */
  cancelAll(uri?: string): void {
    // From the end, so that none moves up to be started.
    for (const run of this.runs.unfinished.reverse())
      if (uri === undefined || run.uri === uri) this.cancel(run.id);
  }

  private async execute(session: Session | null, pending: Pending): Promise<CellEnd> {
    const { source, run } = pending;
    // It was cancelled while the kernel started.
    if (session === null || !this.pending.has(run.id)) return 'cancelled';
    pending.session = session;
    const question = new vscode.CancellationTokenSource();
    const log = new CellOutputLog(this.output);
    const end = await session.execute(source, (event) => {
      this.runs.take(run, event);
      if (event.type === 'output') log.append(event.text);
      if (event.type === 'input_request') {
        void askForInput(event, question.token).then((value) => session.answer(value));
      }
    });
    this.pending.delete(run.id);
    log.end();
    question.cancel();
    question.dispose();
    return end;
  }
}
