import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';

/** Says that another Python is used from now on, and offers to end the kernels that go on with the old one. */
export async function offerRestart(kernels: Kernels, said: string | null): Promise<void> {
  if (!kernels.anyRunning) {
    if (said !== null) void vscode.window.showInformationMessage(said);
    return;
  }
  const restart = 'Restart Kernels';
  const keep = 'Kernels that run keep their Python until they are restarted.';
  const answer = await vscode.window.showInformationMessage(
    said === null ? keep : `${said} ${keep}`,
    restart,
  );
  if (answer === restart) await kernels.endAll();
}
