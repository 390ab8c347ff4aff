import * as vscode from 'vscode';
import type { Report } from '../kernel/messages.gen.ts';

/** The line under each notebook cell that has run: device, time, what deserves it. */
export class NotebookLines implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly lines = new WeakMap<vscode.NotebookCell, string>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly registration: vscode.Disposable;
  readonly onDidChangeCellStatusBarItems = this.changed.event;

  constructor() {
    this.registration = vscode.notebooks.registerNotebookCellStatusBarItemProvider(
      'jupyter-notebook',
      this,
    );
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  of(cell: vscode.NotebookCell): string | undefined {
    const saved = cell.metadata.metadata as { smelt?: { line?: unknown } } | undefined;
    const line = this.lines.get(cell) ?? saved?.smelt?.line;
    return typeof line === 'string' ? line : undefined;
  }

  /** Shows the line, and saves it with the notebook. */
  async keep(cell: vscode.NotebookCell, line: string, report: Report | null): Promise<void> {
    await written(cell);
    const saved = (cell.metadata.metadata ?? {}) as Record<string, unknown>;
    // What .ipynb files keep of a cell's metadata is under this name (VS Code's ipynb extension).
    const edit = new vscode.WorkspaceEdit();
    edit.set(cell.notebook.uri, [
      vscode.NotebookEdit.updateCellMetadata(cell.index, {
        ...cell.metadata,
        metadata: {
          ...saved,
          ...(report === null ? {} : { execution: executionTimes(report) }),
          smelt: { line, ...(report === null ? {} : { report: savedReport(report) }) },
        },
      }),
    ]);
    await vscode.workspace.applyEdit(edit);
    this.lines.set(cell, line);
    this.changed.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const line = this.of(cell);
    // Clearing the outputs of a cell clears its line.
    const hasRun = cell.outputs.length > 0 || cell.executionSummary?.executionOrder !== undefined;
    if (line === undefined || !hasRun) return [];
    return [new vscode.NotebookCellStatusBarItem(line, vscode.NotebookCellStatusBarAlignment.Left)];
  }
}

/** Milliseconds after which VS Code's ipynb extension is taken to have nothing to write. */
const patience = 1_000;

/**
 * VS Code's ipynb extension writes the number of a run into the metadata of its cell, over what was
 * there when the cell ended: ours has to come after that.
 */
async function written(cell: vscode.NotebookCell): Promise<void> {
  const order = cell.executionSummary?.executionOrder;
  const isWritten = (): boolean => cell.metadata.execution_count === order;
  if (order === undefined || isWritten()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = vscode.workspace.onDidChangeNotebookDocument(() => {
    if (isWritten()) resolve();
  });
  const timer = setTimeout(resolve, patience);
  await promise;
  clearTimeout(timer);
  listener.dispose();
}

/** The times of a run under the keys that JupyterLab's recordTiming writes and its extensions read. */
const executionTimes = ({ started, ended }: Report): Record<string, string> => ({
  'iopub.status.busy': started,
  'iopub.execute_input': started,
  'shell.execute_reply.started': started,
  'shell.execute_reply': ended,
  'iopub.status.idle': ended,
});

/** The report as a notebook keeps it: without what only this session's channel means. */
function savedReport({ type, mark, id, ...report }: Report): Omit<Report, 'type' | 'mark' | 'id'> {
  return report;
}
