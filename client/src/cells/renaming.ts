import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';
import type { CellRuns } from './cellRuns.ts';

/**
 * A file that is renamed or moved, alone or with its folder, keeps its kernel and what its cells have shown; so does a
 * new one that is saved for the first time.
 */
export function followRenaming(kernels: Kernels, runs: CellRuns): vscode.Disposable {
  const move = (from: vscode.Uri, to: vscode.Uri): void => {
    kernels.moved(from, to);
    runs.moved(from.toString(), to.toString());
  };
  /** Nothing but its text tells of which document a file was saved: that one is closed after this. */
  const moveTo = <T extends { readonly uri: vscode.Uri }>(
    saved: T,
    untitled: readonly T[],
    textOf: (document: T) => string,
  ): void => {
    const known = new Set(kernels.uris);
    const before = untitled.filter(({ uri }) => known.has(uri.toString()));
    if (before.length === 0 || known.has(saved.uri.toString())) return;
    const text = textOf(saved);
    const same = before.find((document) => textOf(document) === text);
    if (same !== undefined) move(same.uri, saved.uri);
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        const known = new Set([...runs.uris, ...kernels.uris]);
        for (const from of [...known].map((uri) => vscode.Uri.parse(uri)))
          if (isWithin(from, oldUri))
            move(from, newUri.with({ path: newUri.path + from.path.slice(oldUri.path.length) }));
      }
    }),
    vscode.workspace.onDidSaveTextDocument((saved) => {
      const untitled = vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled);
      const text = (document: vscode.TextDocument): string => document.getText();
      moveTo(saved, untitled, text);
    }),
    // Of a notebook VS Code does not say that it is saved before it closes the untitled one.
    vscode.workspace.onDidCloseNotebookDocument((untitled) => {
      if (!untitled.isUntitled) return;
      const text = (notebook: vscode.NotebookDocument): string =>
        JSON.stringify(notebook.getCells().map(({ document }) => document.getText()));
      for (const saved of vscode.workspace.notebookDocuments)
        if (!saved.isUntitled) moveTo(saved, [untitled], text);
    }),
  );
}

const isWithin = ({ path, scheme }: vscode.Uri, folder: vscode.Uri): boolean =>
  scheme === folder.scheme && (path === folder.path || path.startsWith(`${folder.path}/`));
