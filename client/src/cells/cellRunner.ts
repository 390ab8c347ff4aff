import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isFinished } from '../kernel/cellState.ts';
import type { CellEnd, CellSource, Follower } from '../kernel/execution.ts';
import { lostWithWindow } from '../kernel/execution.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { Session } from '../kernel/session.ts';
import { askForInput } from './askForInput.ts';
import type { CellRun, CellRuns } from './cellRuns.ts';
import { dedented } from './logicalLines.ts';
import { CellOutputLog } from './outputLog.ts';
import type { PercentCell } from './percentCells.ts';

/** Runs cells of Python files and keeps what comes of them in CellRuns. */
export class CellRunner {
  private readonly kernels: Kernels;
  private readonly runs: CellRuns;
  private readonly output: vscode.OutputChannel;
  private readonly resumed = new WeakSet<CellRun>();

  constructor(kernels: Kernels, runs: CellRuns, output: vscode.OutputChannel) {
    this.kernels = kernels;
    this.runs = runs;
    this.output = output;
  }

  /** Runs cells in order, up to the first that does not end well; resolves when the last has ended. */
  async run(
    document: vscode.TextDocument,
    cells: readonly PercentCell[],
    mode: 'run' | 'profile' = 'run',
  ): Promise<CellEnd> {
    const evaluate = vscode.workspace
      .getConfiguration('smelt.kernel', document)
      .get('evaluateLazy', true);
    // The lines as they are now: the document may change while a kernel starts.
    const pending = cells.map((cell) => ({
      source: {
        code: codeOf(document, cell),
        filename:
          document.uri.scheme === 'file' ? document.uri.fsPath : basename(document.uri.path),
        line: cell.code,
        mode,
        evaluate,
      },
      run: this.runs.begin(document, cell),
    }));
    const session = await this.kernels.of(document.uri);
    if (session === null) {
      for (const { run } of pending) this.runs.take(run, { type: 'cancelled' });
      return 'cancelled';
    }
    const ends = await Promise.all(
      pending.map(({ source, run }) => this.execute(session, source, run)),
    );
    return ends.find((end) => end !== 'ok') ?? 'ok';
  }

  /** Follows a cell that an earlier window has started; null when it is not one of a Python file. */
  resume(place: unknown, session: Session): Follower | null {
    if (!isPlace(place)) return null;
    const run = this.runs.find(place.run);
    if (run === undefined) return null;
    this.resumed.add(run);
    return this.follow(session, run);
  }

  /** Runs of an earlier window that nobody goes on with: it died before it wrote their end down. */
  giveUp(runs: readonly CellRun[]): void {
    for (const run of runs) {
      if (!isFinished(run.state) && !this.resumed.has(run))
        this.runs.take(run, { type: 'lost', cause: lostWithWindow });
    }
  }

  private async execute(session: Session, source: CellSource, run: CellRun): Promise<CellEnd> {
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
          void askForInput(event, question.token).then((value) => session.answer(value));
        }
      },
      finish: () => {
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

/** Marker lines are comments, so that the code of a cell is its lines as they stand. */
function codeOf(document: vscode.TextDocument, cell: PercentCell): string {
  if (cell.last < cell.code) return '';
  const range = new vscode.Range(cell.code, 0, cell.last, Number.MAX_SAFE_INTEGER);
  return dedented(document.getText(range).split(/\r\n|\r|\n/)).join('\n');
}
