import * as vscode from 'vscode';

const { Keyboard: keyboard, Mouse: mouse } = vscode.TextEditorSelectionChangeKind;

/**
 * May a hover be open in the editor? VS Code tells extensions when one is about to be shown, and not when it goes.
 * Keys and clicks close it, before the key's command is looked for: no `when` can tell that it was there.
 */
export class HoverWatch implements vscode.Disposable {
  private mayBeOpen = false;
  private readonly listeners: readonly vscode.Disposable[];

  constructor() {
    this.listeners = [
      vscode.languages.registerHoverProvider('python', {
        provideHover: () => {
          this.mayBeOpen = true;
          return undefined;
        },
      }),
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
        if (kind === keyboard || kind === mouse) this.closed();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.closed()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === 'python') this.closed();
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  /** Something has been done that closes it. */
  closed(): void {
    this.mayBeOpen = false;
  }

  /** A key was pressed: was it perhaps for a hover, which it has closed? */
  closes(): boolean {
    const open = this.mayBeOpen;
    this.closed();
    return open;
  }
}
