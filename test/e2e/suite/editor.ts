import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { config } from './config.ts';

export async function smelt(): Promise<SmeltApi> {
  const extension = vscode.extensions.getExtension<SmeltApi>('smelt.smelt');
  if (extension === undefined) throw new Error('Smelt is not installed in this window.');
  return extension.activate();
}

export const workspaceUri = (name: string): vscode.Uri =>
  vscode.Uri.file(join(config.workspace, name));

export async function openFile(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(workspaceUri(name));
  return vscode.window.showTextDocument(document, { preview: false });
}

/** A new file of the workspace with this text. */
export async function newFile(name: string, text: string | Uint8Array): Promise<vscode.TextEditor> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  await vscode.workspace.fs.writeFile(workspaceUri(name), bytes);
  return openFile(name);
}

/** The Python of the workspace, by its setting; undefined: Smelt chooses. */
export const useInterpreter = (path: string | undefined): Thenable<void> =>
  vscode.workspace
    .getConfiguration('smelt.python')
    .update('interpreter', path, vscode.ConfigurationTarget.Workspace);

/** Waits for events until something is so. */
export async function when<T>(
  what: string,
  value: () => T | undefined | false,
  ...events: vscode.Event<never>[]
): Promise<T> {
  const now = value();
  if (now !== undefined && now !== false) return now;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const listeners = events.map((event) =>
    event(() => {
      const found = value();
      if (found !== undefined && found !== false) resolve(found);
    }),
  );
  const timer = setTimeout(() => reject(new Error(`Waited in vain until ${what}.`)), 40_000);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    for (const listener of listeners) listener.dispose();
  }
}

export const smeltDiagnostics = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'smelt');

/** What a run has told of a document: errors, and operators that fell back. */
export const runErrors = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'smelt run');

/** The diagnostics of a document as soon as they are as wanted. */
export const diagnosticsWhen = (
  uri: vscode.Uri,
  what: string,
  wanted: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> =>
  when(
    what,
    () => {
      const found = smeltDiagnostics(uri);
      return wanted(found) ? found : undefined;
    },
    vscode.languages.onDidChangeDiagnostics as vscode.Event<never>,
  );

export const codeOf = ({ code }: vscode.Diagnostic): string =>
  String(typeof code === 'object' ? code.value : code);

export const replaceText = async (editor: vscode.TextEditor, text: string): Promise<void> => {
  const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
  await editor.edit((edit) => edit.replace(all, text));
};
