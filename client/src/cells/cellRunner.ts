import * as vscode from 'vscode';
import { isFinished } from '../kernel/cellState.ts';
import type { CellEnd, CellSource, Follower } from '../kernel/execution.ts';
import { lostWithWindow } from '../kernel/execution.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { Session } from '../kernel/session.ts';
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
    if (session === null) this.cancel(...pending.map(({ run }) => run.id));
    const ends = await Promise.all(pending.map((each) => this.execute(session, each)));
    const failed = ends.find((end) => end !== 'ok');
    if (failed === undefined) this.ran();
    return failed ?? 'ok';
  }

  /** Follows a cell that an earlier window has started; null when it is not one of a Python file. */
  resume(place: unknown, session: Session, source: CellSource): Follower | null {
    if (!isPlace(place)) return null;
    const run = this.runs.find(place.run);
    if (run === undefined) return null;
    this.pending.set(run.id, { run, source, session });
    return this.follow(session, run);
  }

  /** Runs of an earlier window that nobody goes on with: it died before it wrote their end down. */
  giveUp(runs: readonly CellRun[]): void {
    for (const run of runs) {
      if (!isFinished(run.state) && !this.pending.has(run.id))
        this.runs.take(run, { type: 'lost', cause: lostWithWindow });
    }
  }

  /** Takes cells that wait out of the queue, by the ids of their runs; those that run go on. */
  cancel(...ids: readonly number[]): void {
    const waiting = ids
      .flatMap((id) => this.pending.get(id) ?? [])
      .filter(({ run }) => run.state.phase === 'queued');
    for (const session of new Set(waiting.flatMap((each) => each.session ?? []))) {
      const own = waiting.filter((each) => each.session === session);
      session.drop(...own.map(({ source }) => source));
    }
    for (const { run, session } of waiting) {
      if (session !== null) continue;
      this.pending.delete(run.id);
      this.runs.take(run, { type: 'cancelled' });
    }
  }

  /** Takes every cell that waits out of the queue: of one document, or of all. */
  cancelAll(uri?: string): void {
    const runs = this.runs.unfinished.filter((run) => uri === undefined || run.uri === uri);
    this.cancel(...runs.map(({ id }) => id));
  }

  private async execute(session: Session | null, pending: Pending): Promise<CellEnd> {
    const { source, run } = pending;
    // It was cancelled while the kernel started.
    if (session === null || !this.pending.has(run.id)) return 'cancelled';
    pending.session = session;
    const { listener, finish, place } = this.follow(session, run);
    const end = await session.execute(source, listener, place);
    finish();
    return end;
  }

  private follow(session: Session, run: CellRun): Required<Follower> & { finish: () => void } {
    const question = new vscode.CancellationTokenSource();
    const log = new CellOutputLog(this.output);
    return {
      listener: (event) => {
        this.runs.take(run, event);
        if (event.type === 'output') log.append(event.text);
        if (event.type === 'input_request') {
          void askForInput(event, question.token).then((value) => session.answer(event, value));
        }
      },
      finish: () => {
        this.pending.delete(run.id);
        log.end();
        question.cancel();
        question.dispose();
      },
      place: () => ({ kind: 'file', run: run.id }) satisfies Place,
    };
  }
}

/** How a kernel's folder names a cell of a Python file. */
interface Place {
  readonly kind: 'file';
  readonly run: number;
}

const isPlace = (place: unknown): place is Place =>
  typeof place === 'object' && place !== null && (place as Place).kind === 'file';
