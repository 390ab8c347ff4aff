import * as vscode from 'vscode';
import type { CellState } from '../kernel/cellState.ts';
import type { Report } from '../kernel/messages.gen.ts';

interface KeptLine {
  readonly line: string;
  readonly report: Report | null;
  /** It is in the metadata of its cell, from where it is taken once at the most. */
  isSaved: boolean;
}

/** The line under each notebook cell that has run: device, time, what deserves it. */
export class NotebookLines implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly lines = new WeakMap<vscode.NotebookCell, KeptLine>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly registrations: readonly vscode.Disposable[];
  readonly onDidChangeCellStatusBarItems = this.changed.event;

  constructor() {
    this.registrations = [
      vscode.notebooks.registerNotebookCellStatusBarItemProvider('jupyter-notebook', this),
      vscode.workspace.onDidChangeNotebookDocument(({ cellChanges }) => {
        for (const { cell, metadata } of cellChanges) if (metadata !== undefined) this.defend(cell);
      }),
    ];
  }

  dispose(): void {
    for (const registration of this.registrations) registration.dispose();
    this.changed.dispose();
  }

  of(cell: vscode.NotebookCell): string | undefined {
    const line = this.lines.get(cell)?.line ?? savedLine(cell);
    return typeof line === 'string' ? line : undefined;
  }

  /** Shows the line, and saves it with the notebook. */
  async keep(
    cell: vscode.NotebookCell,
    line: string,
    { report, executionCount, phase }: CellState,
  ): Promise<void> {
    const shown: KeptLine = { line, report, isSaved: false };
    this.lines.set(cell, shown);
    this.changed.fire();
    const isLatest = (): boolean => this.lines.get(cell) === shown;
    if (phase !== 'cancelled' && executionCount !== null)
      await numberWritten(cell, executionCount, () => !isLatest());
    if (!isLatest() || isGone(cell)) return;
    await save(cell, shown);
    shown.isSaved = true;
    this.defend(cell);
  }

  /** VS Code's ipynb extension can write twice, the second time over ours. */
  private defend(cell: vscode.NotebookCell): void {
    const shown = this.lines.get(cell);
    if (shown?.isSaved !== true || savedLine(cell) === shown.line) return;
    shown.isSaved = false;
    void save(cell, shown);
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const line = this.of(cell);
    // Clearing the outputs of a cell clears its line.
    const hasRun = cell.outputs.length > 0 || cell.executionSummary?.executionOrder !== undefined;
    if (line === undefined || !hasRun) return [];
    return [new vscode.NotebookCellStatusBarItem(line, vscode.NotebookCellStatusBarAlignment.Left)];
  }
}

const savedLine = ({ metadata }: vscode.NotebookCell): unknown =>
  (metadata.metadata as { smelt?: { line?: unknown } } | undefined)?.smelt?.line;

/** Writes the line into the metadata of its cell, and the times of its run. */
async function save(cell: vscode.NotebookCell, { line, report }: KeptLine): Promise<void> {
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
}

/**
 * VS Code's ipynb extension writes the number of a run that succeeded or failed into the metadata of its
 * cell, over what was there when the cell ended: ours has to come after that. Resolves, too, when the cell
 * has run again or is gone.
 */
async function numberWritten(
  cell: vscode.NotebookCell,
  number: number,
  hasRunAgain: () => boolean,
): Promise<void> {
  if (vscode.extensions.getExtension('vscode.ipynb')?.isActive !== true) return;
  const isOver = (): boolean =>
    cell.metadata.execution_count === number || hasRunAgain() || isGone(cell);
  if (isOver()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (isOver()) resolve();
  };
  const listeners = [
    vscode.workspace.onDidChangeNotebookDocument(look),
    vscode.workspace.onDidCloseNotebookDocument(look),
  ];
  await promise;
  for (const listener of listeners) listener.dispose();
}

/** Deleted, or its notebook is closed. */
const isGone = (cell: vscode.NotebookCell): boolean => cell.notebook.isClosed || cell.index < 0;

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
