import * as vscode from 'vscode';
import type { CellEvent } from '../kernel/cellState.ts';
import type { CellEnd, CellSource, Follower } from '../kernel/execution.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { Session } from '../kernel/session.ts';
import { mayRun } from '../trust.ts';
import type { ChipPeak } from '../views/chipPeak.ts';
import { chosenParts } from '../views/chosenParts.ts';
import { defaultLineOptions, reportLine } from '../views/reportLine.ts';
import type { RunDiagnostics } from '../views/runDiagnostics.ts';
import type { NotebookLines } from './notebookLines.ts';
import type { NotebookPlace } from './notebookRun.ts';
import { filenameOfCell, isNotebookPlace, NotebookRun } from './notebookRun.ts';

export const controllerId = 'smelt.metal';

/** Runs the cells of Jupyter notebooks in Smelt's kernel. */
export class NotebookController implements vscode.Disposable {
  private readonly kernels: Kernels;
  private readonly controller: vscode.NotebookController;
  private readonly lines: NotebookLines;
  private readonly diagnostics: RunDiagnostics;
  private readonly peak: () => ChipPeak | null;
  private readonly extension: string;
  private readonly listeners: vscode.Disposable[];
  private readonly selected = new Set<vscode.NotebookDocument>();
  private readonly open = new Set<OpenRun>();
  /** VS Code knows the kernel of a notebook by its name, so that a renamed one has none: those not seen yet. */
  private readonly renamed = new Set<string>();

  /**
   * @param peak what this machine's GPU can do; null: not known
   * @param extension id of this extension
   */
  constructor(
    kernels: Kernels,
    lines: NotebookLines,
    diagnostics: RunDiagnostics,
    peak: () => ChipPeak | null,
    extension: string,
  ) {
    this.extension = extension;
    this.peak = peak;
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
    this.listeners = [
      this.controller,
      this.controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (selected) this.selected.add(notebook);
        else this.selected.delete(notebook);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        this.selected.delete(notebook);
        void kernels.closed(notebook.uri);
      }),
      kernels.onDidMove(({ from, to }) => this.moved(from.toString(), to.toString())),
      vscode.window.onDidChangeVisibleNotebookEditors(() => this.selectAgain()),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
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
    const text = cell.document.getText();
    const run = new NotebookRun(session, {
      kind: 'notebook',
      notebook: cell.notebook.uri.toString(),
      index: cell.index,
      text,
    });
    const source: CellSource = {
      code: text.replaceAll('\r\n', '\n'),
      filename: filenameOfCell(cell),
      line: 0,
      evaluate: vscode.workspace
        .getConfiguration('smelt.kernel', cell.document)
        .get('evaluateLazy', true),
    };
    const open = { run, session, source, cell: Promise.resolve(cell) };
    this.open.add(open);
    this.show(open, execution);
    const follow = (event: CellEvent): void => {
      run.listener(event);
      if (event.type === 'started') this.diagnostics.showCell(cell, source.filename, run.state);
    };
    run.finish(await session.execute(source, follow, run.place));
    await this.close(open);
  }

  /** Follows a cell that an earlier window has started; null when it is not one of a notebook. */
  resume(place: unknown, session: Session, source: CellSource): Follower | null {
    if (!isNotebookPlace(place)) return null;
    const run = new NotebookRun(session, place, place.state);
    const open = { run, session, source, cell: this.cellOf(place) };
    this.open.add(open);
    void this.showWhenThere(open);
    const finish = (how: CellEnd): void => {
      run.finish(how);
      void this.close(open);
    };
    return { listener: run.listener, place: run.place, finish };
  }

  /** Cells that run or wait go on in the notebook that is opened under the new name. */
  private moved(from: string, to: string): void {
    if ([...this.selected].some(({ uri }) => uri.toString() === from)) this.renamed.add(to);
    this.selectAgain();
    for (const open of this.open) {
      if (open.run.notebook !== from) continue;
      open.run.moved(to);
      open.cell = this.cellOf(open.run.place());
      void this.showWhenThere(open);
    }
  }

  private selectAgain(): void {
    for (const notebookEditor of vscode.window.visibleNotebookEditors) {
      if (!this.renamed.delete(notebookEditor.notebook.uri.toString())) continue;
      const kernel = { notebookEditor, id: controllerId, extension: this.extension };
      void vscode.commands.executeCommand('notebook.selectKernel', kernel);
    }
  }

  private async showWhenThere(open: OpenRun): Promise<void> {
    this.show(open, this.controller.createNotebookCellExecution(await open.cell));
  }

  private show({ run, session, source }: OpenRun, execution: vscode.NotebookCellExecution): void {
    // VS Code names each cell that is to stop: one that waits leaves the others in the queue.
    execution.token.onCancellationRequested(() => {
      if (!session.drop(source)) this.kernels.interrupt(execution.cell.notebook.uri);
    });
    run.show(execution);
  }

  private async close(open: OpenRun): Promise<void> {
    const { run, source } = open;
    const cell = await open.cell;
    this.open.delete(open);
    await run.close();
    this.diagnostics.showCell(cell, source.filename, run.state);
    const line = reportLine(run.state, {
      ...defaultLineOptions,
      parts: chosenParts(cell.notebook.uri),
      peak: this.peak(),
    });
    if (line !== null) await this.lines.keep(cell, line.text, run.state);
  }

  /** The cell of a notebook, as soon as that is open with this controller; an edited one never. */
  private cellOf({ notebook, index, text }: NotebookPlace): Promise<vscode.NotebookCell> {
    const find = (document: vscode.NotebookDocument): vscode.NotebookCell | undefined => {
      if (document.uri.toString() !== notebook) return undefined;
      const same = document.getCells().filter((cell) => cell.document.getText() === text);
      return same.find((cell) => cell.index === index) ?? same[0];
    };
    return new Promise((resolve) => {
      const look = (document: vscode.NotebookDocument): void => {
        const cell = find(document);
        if (cell === undefined) return;
        listener.dispose();
        resolve(cell);
      };
      const listener = this.controller.onDidChangeSelectedNotebooks((event) => {
        if (event.selected) look(event.notebook);
      });
      this.selected.forEach(look);
    });
  }
}

/** A run that the notebook has not seen the end of. */
interface OpenRun {
  readonly run: NotebookRun;
  readonly session: Session;
  readonly source: CellSource;
  /** That shows it, once its notebook is open. */
  cell: Promise<vscode.NotebookCell>;
}

/** VS Code ends only what has started. */
function endUnrun(execution: vscode.NotebookCellExecution): void {
  execution.start();
  execution.end(undefined);
}
