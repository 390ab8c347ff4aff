import * as vscode from 'vscode';
import type { PercentCell } from './percentCells.ts';
import { percentCells, wholeFile } from './percentCells.ts';

const known = new WeakMap<vscode.TextDocument, { version: number; cells: PercentCell[] }>();

/** The `# %%` cells of a document. */
export function markedCells(document: vscode.TextDocument): PercentCell[] {
  const before = known.get(document);
  if (before?.version === document.version) return before.cells;
  const cells = percentCells(document.getText());
  known.set(document, { version: document.version, cells });
  return cells;
}

/** The cells of a document; a file without markers is one cell. */
export function cellsOf(document: vscode.TextDocument): PercentCell[] {
  const cells = markedCells(document);
  if (cells.length > 0) return cells;
  const whole = wholeFile(document.getText());
  return whole === null ? [] : [whole];
}

/** Is this a Python file whose cells are ours, and not a cell of a notebook? */
export const hasOwnCells = (document: vscode.TextDocument): boolean =>
  document.languageId === 'python' && document.uri.scheme !== 'vscode-notebook-cell';

/** The editor with a Python file that commands are about. */
export function activePythonEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor !== undefined && hasOwnCells(editor.document) ? editor : undefined;
}

/** Lines of a document, however they end. */
export const textOfLines = (document: vscode.TextDocument, first: number, last: number): string =>
  document
    .getText(new vscode.Range(first, 0, last, Number.MAX_SAFE_INTEGER))
    .replaceAll('\r\n', '\n');
