import * as vscode from 'vscode';
import type { InterpretersParams } from '../../../server/src/protocol/messages.ts';
import type { InterpreterChoice } from './interpreterChoice.ts';

/**
 * Tells the language server which Python each folder uses, now and whenever that changes, so that findings
 * are about the versions installed there. Only paths are passed on: nothing is started, trusted or not.
 */
export function tellInterpreters(
  choice: InterpreterChoice,
  tell: (params: InterpretersParams) => Promise<void>,
): vscode.Disposable {
  const send = async (): Promise<void> => {
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const interpreters = await Promise.all(
      [undefined, ...folders].map(async (uri) => {
        const interpreter = await choice.current(uri);
        if (interpreter === null) return [];
        const { path, origin } = interpreter;
        return [{ folder: uri?.toString() ?? '', path, chosen: isChosen(origin) }];
      }),
    );
    await tell({ interpreters: interpreters.flat() });
  };
  const again = (): void => void send().catch(() => undefined);
  again();
  return vscode.Disposable.from(
    choice.onDidChange(again),
    vscode.workspace.onDidChangeWorkspaceFolders(again),
  );
}

const isChosen = (origin: string): boolean =>
  ['setting', 'chosen', 'Python extension'].includes(origin);
