import * as vscode from 'vscode';

const { Keyboard: keyboard, Mouse: mouse } = vscode.TextEditorSelectionChangeKind;

/**
 * May a hover be open in the editor? VS Code tells extensions when one is about to be shown, and not when it goes.
 * Keys and clicks close it, before the key's command is looked for: no `when` can tell that it was there. Asking
 * what there would be (`vscode.executeHoverProvider`) leaves out the hovers of problems and decorations.
 */
export class HoverWatch implements vscode.Disposable {
  /** Where one was asked for last, and what line stood on top then; null: none is open. */
  private asked: { readonly document: vscode.TextDocument; readonly top: number | null } | null =
    null;
  private readonly listeners: readonly vscode.Disposable[];

  constructor() {
    this.listeners = [
      vscode.languages.registerHoverProvider('python', {
        provideHover: (document) => {
          this.asked = { document, top: topOf(document) };
          return undefined;
        },
      }),
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
        if (kind === keyboard || kind === mouse) this.closed();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.closed()),
      // It goes when its editor scrolls; other changes of what is in sight leave it.
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor: { document } }) => {
        if (this.asked?.document === document && this.asked.top !== topOf(document)) this.closed();
      }),
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
    this.asked = null;
  }

  /** A key was pressed: was it perhaps for a hover, which it has closed? */
  closes(): boolean {
    const open = this.asked !== null;
    this.closed();
    return open;
  }
}

/** The first line in sight of a document's editor; null where there are several. */
function topOf(document: vscode.TextDocument): number | null {
  const [editor, ...others] = vscode.window.visibleTextEditors.filter(
    (each) => each.document === document,
  );
  return others.length > 0 ? null : (editor?.visibleRanges[0]?.start.line ?? null);
}
