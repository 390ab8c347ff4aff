import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';
import type { CellRuns } from './cellRuns.ts';

/** A file that is renamed or moved, alone or with its folder, keeps its kernel and what its cells have shown. */
export function followRenaming(kernels: Kernels, runs: CellRuns): vscode.Disposable {
  return vscode.Disposable.from(
    // VS Code closes the document under its old name before it says that it has another.
    vscode.workspace.onWillRenameFiles(({ files }) => {
      for (const { oldUri } of files)
        for (const { uri } of within(oldUri)) runs.willMove(uri.toString());
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        for (const from of runs.uris.map((uri) => vscode.Uri.parse(uri))) {
          if (!isWithin(from, oldUri)) continue;
          const to = newUri.with({ path: newUri.path + from.path.slice(oldUri.path.length) });
          kernels.moved(from, to);
          runs.moved(from.toString(), to.toString());
        }
      }
    }),
  );
}

const within = (uri: vscode.Uri): vscode.TextDocument[] =>
  vscode.workspace.textDocuments.filter((document) => isWithin(document.uri, uri));

const isWithin = ({ path, scheme }: vscode.Uri, folder: vscode.Uri): boolean =>
  scheme === folder.scheme && (path === folder.path || path.startsWith(`${folder.path}/`));
