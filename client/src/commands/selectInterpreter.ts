import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';
import type { InterpreterChoice } from '../python/interpreterChoice.ts';
import { mayRun } from '../trust.ts';
import { offerRestart } from './offerRestart.ts';

/** Chooses a Python for cells, benchmarks and findings. */
export const selectInterpreter =
  (choice: InterpreterChoice, kernels: Kernels) => async (): Promise<void> => {
    if (!(await mayRun('Selecting an interpreter'))) return;
    const path = await choice.select(vscode.window.activeTextEditor?.document.uri);
    if (path !== undefined) await offerRestart(kernels, null);
  };
