import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CellEvent, CellState } from '../kernel/cellState.ts';
import { newCellState, reduceCell } from '../kernel/cellState.ts';
import type { CellEnd, Follower } from '../kernel/execution.ts';
import type { Session } from '../kernel/session.ts';
import { askForInput } from './askForInput.ts';
import { NotebookOutputs } from './notebookOutputs.ts';

/** How a kernel's folder names a cell of a notebook, with all that it has put out. */
export interface NotebookPlace {
  readonly kind: 'notebook';
  readonly notebook: string;
  readonly index: number;
  readonly text: string;
  readonly state: CellState;
}

/** Tracebacks name a cell by its place, as people count. */
export const filenameOfCell = ({ notebook, index }: vscode.NotebookCell): string =>
  `${basename(notebook.uri.path)}[${index + 1}]`;

export const isNotebookPlace = (place: unknown): place is NotebookPlace =>
  typeof place === 'object' && place !== null && (place as NotebookPlace).kind === 'notebook';

/** One run of a notebook cell. It can begin before there is a notebook that shows it: after a reload. */
export class NotebookRun implements Follower {
  state: CellState;
  private where: Omit<NotebookPlace, 'state'>;
  private readonly session: Session;
  private readonly question = new vscode.CancellationTokenSource();
  private execution: vscode.NotebookCellExecution | null = null;
  private outputs: NotebookOutputs | null = null;
  private ended: CellEnd | null = null;

  constructor(session: Session, where: Omit<NotebookPlace, 'state'>, state = newCellState) {
    this.session = session;
    this.where = where;
    this.state = state;
  }

  get notebook(): string {
    return this.where.notebook;
  }

  /** The notebook has another name; in the one that is opened under it the cell is as it is now in this. */
  moved(notebook: string): void {
    const { index, text } = this.where;
    const cell = this.execution?.cell;
    this.where = {
      kind: 'notebook',
      notebook,
      index: cell?.index ?? index,
      text: cell?.document.getText() ?? text,
    };
  }

  readonly place = (): NotebookPlace => ({ ...this.where, state: this.state });

  readonly listener = (event: CellEvent): void => {
    this.state = reduceCell(this.state, event);
    if (event.type === 'started') this.begin(event.execution_count);
    else if (event.type === 'input_request') {
      void askForInput(event, this.question.token).then((value) =>
        this.session.answer(event, value),
      );
    } else this.outputs?.take(event);
  };

  readonly finish = (end: CellEnd): void => {
    this.ended = end;
    this.question.cancel();
    this.question.dispose();
  };

  /** From now on the notebook shows it, and what has come of it so far. */
  show(execution: vscode.NotebookCellExecution): void {
    this.execution = execution;
    const { executionCount, outputs, result, error, cause } = this.state;
    if (executionCount === null) return;
    this.begin(executionCount);
    for (const output of outputs) {
      if (output.kind === 'text') this.outputs?.take({ ...output, type: 'output' });
      else this.outputs?.show(output.data, output.displayId);
    }
    if (result !== null) this.outputs?.take(result);
    if (error !== null) this.outputs?.take(error);
    if (cause !== null) this.outputs?.take({ type: 'lost', cause });
  }

  /** The cell has ended: closes it in the notebook, when that has all of it. */
  async close(): Promise<void> {
    const { execution, outputs, ended } = this;
    if (execution === null) return;
    if (outputs === null) execution.start();
    await outputs?.settled();
    const success = ended === 'cancelled' ? undefined : ended === 'ok';
    execution.end(success, outputs === null ? undefined : Date.now());
  }

  private begin(executionCount: number): void {
    if (this.execution === null) return;
    this.execution.executionOrder = executionCount;
    this.execution.start(Date.now());
    this.outputs = new NotebookOutputs(this.execution);
    this.outputs.clear();
  }
}
