import * as vscode from 'vscode';
import type { InputRequest } from '../kernel/messages.gen.ts';

/** Asks what a cell's input() or getpass() asks; null when the question is closed. */
export async function askForInput(
  request: InputRequest,
  ended: vscode.CancellationToken,
): Promise<string | null> {
  const value = await vscode.window.showInputBox(
    {
      title: 'The cell asks',
      prompt: request.prompt,
      password: request.password,
      ignoreFocusOut: true,
    },
    ended,
  );
  return value ?? null;
}
