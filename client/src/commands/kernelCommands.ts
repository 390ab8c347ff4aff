import * as vscode from 'vscode';
import type { CellRunner } from '../cells/cellRunner.ts';
import { activePythonEditor } from '../cells/documentCells.ts';
import type { Kernels } from '../kernel/kernels.ts';
import { mayRun } from '../trust.ts';

/** The notebook or Python file whose kernel a command is about. */
function target(uri: vscode.Uri | undefined): vscode.Uri | undefined {
  if (uri instanceof vscode.Uri) return uri;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook?.uri ?? activePythonEditor()?.document.uri;
}

/** Stops the running cell and what waits behind it, also for a kernel that has not started yet. */
export const interrupt =
  (kernels: Kernels, runner: CellRunner) =>
  (uri?: vscode.Uri): void => {
    const of = target(uri);
    if (of === undefined) return;
    runner.cancelAll(of.toString());
    kernels.interrupt(of);
  };

/** Ends the kernel; the next one starts at once, so that it is ready when it is needed. */
export const restartKernel =
  (kernels: Kernels) =>
  async (uri?: vscode.Uri): Promise<boolean> => {
    const of = target(uri);
    if (of === undefined) {
      void vscode.window.showInformationMessage(
        'Open a notebook or a Python file to restart its kernel.',
      );
      return false;
    }
    if (!(await mayRun('A kernel'))) return false;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Restarting kernel' },
      async () => {
        await kernels.end(of);
        await kernels.of(of);
      },
    );
    return true;
  };

/** A fresh kernel, and every cell in it: whether the file still works from the start. */
export const restartAndRunAll =
  (kernels: Kernels, runAll: (uri?: vscode.Uri) => Promise<string | undefined>) =>
  async (): Promise<string | undefined> => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (!(await restartKernel(kernels)())) return undefined;
    if (notebook === undefined) return runAll();
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    return undefined;
  };
