import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';

/** The document whose kernel a command is about. */
function target(uri: vscode.Uri | undefined): vscode.Uri | undefined {
  if (uri instanceof vscode.Uri) return uri;
  return (
    vscode.window.activeNotebookEditor?.notebook.uri ?? vscode.window.activeTextEditor?.document.uri
  );
}

export const interrupt =
  (kernels: Kernels) =>
  (uri?: vscode.Uri): void => {
    const of = target(uri);
    if (of !== undefined) kernels.interrupt(of);
  };

/** Ends the kernel; the next one starts at once, so that it is ready when it is needed. */
export const restartKernel =
  (kernels: Kernels) =>
  async (uri?: vscode.Uri): Promise<void> => {
    const of = target(uri);
    if (of === undefined || kernels.runningOf(of) === undefined) {
      void vscode.window.showInformationMessage('No kernel runs for this file.');
      return;
    }
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Restarting kernel' },
      async () => {
        await kernels.end(of);
        await kernels.of(of);
      },
    );
  };
