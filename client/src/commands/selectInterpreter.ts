import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';
import type { InterpreterChoice } from '../python/interpreterChoice.ts';
import { mayRun } from '../trust.ts';

/** Chooses a Python. Kernels that run go on with theirs until they are restarted. */
export const selectInterpreter =
  (choice: InterpreterChoice, kernels: Kernels) => async (): Promise<void> => {
    if (!(await mayRun('Selecting an interpreter'))) return;
    const path = await choice.select(vscode.window.activeTextEditor?.document.uri);
    if (path === undefined || !kernels.anyRunning) return;
    const restart = 'Restart Kernels';
    const answer = await vscode.window.showInformationMessage(
      'Kernels that run keep their Python until they are restarted.',
      restart,
    );
    if (answer === restart) await kernels.endAll();
  };
