import * as vscode from 'vscode';
import { activePythonEditor, markedCells } from './documentCells.ts';

/** Says whether the file in front has `# %%` cells, for the `when` of the keys that run them. */
export function tellCells(): vscode.Disposable {
  let told: boolean | undefined;
  const tell = (): void => {
    const editor = activePythonEditor();
    const has = editor !== undefined && markedCells(editor.document).length > 0;
    if (has === told) return;
    told = has;
    void vscode.commands.executeCommand('setContext', 'smelt.hasCells', has);
  };
  tell();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(tell),
    // Under another language, too.
    vscode.workspace.onDidOpenTextDocument(tell),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) tell();
    }),
  );
}
