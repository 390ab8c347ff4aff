import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CellEvent, CellState } from '../kernel/cellState.ts';
import { newCellState, reduceCell } from '../kernel/cellState.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { CellEnd, CellSource, Session } from '../kernel/session.ts';
import { mayRun } from '../trust.ts';
import { reportLine } from '../views/reportLine.ts';
import type { RunDiagnostics } from '../views/runDiagnostics.ts';
import { askForInput } from './askForInput.ts';
import type { NotebookLines } from './notebookLines.ts';
import { NotebookOutputs } from './notebookOutputs.ts';

export const controllerId = 'smelt.metal';

/** Runs the cells of Jupyter notebooks in Smelt's kernel. */
export class NotebookController implements vscode.Disposable {
  private readonly kernels: Kernels;
  private readonly controller: vscode.NotebookController;
  private readonly lines: NotebookLines;
  private readonly diagnostics: RunDiagnostics;
  private readonly closing: vscode.Disposable;

  constructor(kernels: Kernels, lines: NotebookLines, diagnostics: RunDiagnostics) {
    this.kernels = kernels;
    this.lines = lines;
    this.diagnostics = diagnostics;
    this.controller = vscode.notebooks.createNotebookController(
      controllerId,
      'jupyter-notebook',
      'Smelt: Run on Metal',
    );
    this.controller.detail = 'device and true time of every cell';
    this.controller.supportedLanguages = ['python'];
    this.controller.supportsExecutionOrder = true;
    this.controller.executeHandler = (cells, notebook) => this.execute(cells, notebook);
    this.closing = vscode.workspace.onDidCloseNotebookDocument(
      ({ uri }) => void kernels.closed(uri),
    );
  }

  dispose(): void {
    this.controller.dispose();
    this.closing.dispose();
  }

  private async execute(
    cells: vscode.NotebookCell[],
    notebook: vscode.NotebookDocument,
  ): Promise<void> {
    if (!(await mayRun('A cell'))) return;
    const executions = cells.map((cell) => this.controller.createNotebookCellExecution(cell));
    const session = await this.kernels.of(notebook.uri);
    if (session === null) {
      for (const execution of executions) endUnrun(execution);
      return;
    }
    await Promise.all(executions.map((execution) => this.run(session, execution)));
  }

  private async run(session: Session, execution: vscode.NotebookCellExecution): Promise<void> {
    if (execution.token.isCancellationRequested) {
      // Stopped while the kernel started.
      endUnrun(execution);
      return;
    }
    const { cell } = execution;
    const outputs = new NotebookOutputs(execution);
    const question = new vscode.CancellationTokenSource();
    // Tracebacks name the cell by its place, as people count.
    const filename = `${basename(cell.notebook.uri.path)}[${cell.index + 1}]`;
    let state: CellState = newCellState;
    let started = false;
    const take = (event: CellEvent): void => {
      state = reduceCell(state, event);
      if (event.type === 'started') {
        started = true;
        execution.executionOrder = event.execution_count;
        execution.start(Date.now());
        outputs.clear();
        this.diagnostics.showCell(cell, filename, state);
      } else if (event.type === 'input_request') {
        void askForInput(event, question.token).then((value) => session.answer(value));
      } else if (started) outputs.take(event);
    };
    const source: CellSource = {
      code: cell.document.getText().replaceAll('\r\n', '\n'),
      filename,
      line: 0,
      evaluate: vscode.workspace
        .getConfiguration('smelt.kernel', cell.document)
        .get('evaluateLazy', true),
    };
    // VS Code names each cell that is to stop: one that waits leaves the others in the queue.
    execution.token.onCancellationRequested(() => {
      if (!session.drop(source)) this.kernels.interrupt(cell.notebook.uri);
    });
    const end: CellEnd = await session.execute(source, take);
    question.cancel();
    question.dispose();
    if (!started) execution.start();
    await outputs.settled();
    execution.end(end === 'cancelled' ? undefined : end === 'ok', started ? Date.now() : undefined);
    this.diagnostics.showCell(cell, filename, state);
    const line = reportLine(state);
    if (line !== null) await this.lines.keep(cell, line.text, state.report);
  }
}

/** VS Code ends only what has started. */
function endUnrun(execution: vscode.NotebookCellExecution): void {
  execution.start();
  execution.end(undefined);
}
