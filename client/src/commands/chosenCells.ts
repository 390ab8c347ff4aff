import * as vscode from 'vscode';
import { activePythonEditor, cellsOf } from '../cells/documentCells.ts';
import type { PercentCell } from '../cells/percentCells.ts';
import { cellAtLine } from '../cells/percentCells.ts';
import { mayRun } from '../trust.ts';

/** Which cells a command takes: those of the document that the line is about. */
export type Selection = (document: vscode.TextDocument, line: number) => readonly PercentCell[];

export const at: Selection = (document, line) => {
  const cell = cellAtLine(cellsOf(document), line);
  return cell === undefined ? [] : [cell];
};

export const above: Selection = (document, line) => {
  const [cell] = at(document, line);
  return cellsOf(document).filter(({ first }) => cell !== undefined && first < cell.first);
};

/** The cell itself and what comes after it. */
export const below: Selection = (document, line) => {
  const [cell] = at(document, line);
  return cellsOf(document).filter(({ first }) => cell !== undefined && first >= cell.first);
};

/** The cells that a command is about. */
export interface Chosen {
  readonly document: vscode.TextDocument;
  readonly cells: readonly [PercentCell, ...PercentCell[]];
}

/** A lens or a link names file and line; otherwise the cursor does. null: there are none, which was said. */
export async function chosenCells(
  select: Selection,
  uri: vscode.Uri | string | undefined,
  line: number | undefined,
): Promise<Chosen | null> {
  const editor = activePythonEditor();
  const named = typeof uri === 'string' ? vscode.Uri.parse(uri, true) : uri;
  const document =
    named instanceof vscode.Uri ? await vscode.workspace.openTextDocument(named) : editor?.document;
  if (document === undefined) {
    void vscode.window.showInformationMessage('Open a Python file to run its cells.');
    return null;
  }
  if (!(await mayRun('A cell'))) return null;
  const [cell, ...others] = select(document, line ?? editor?.selection.active.line ?? 0);
  if (cell === undefined) {
    void vscode.window.showInformationMessage('There is no code to run.');
    return null;
  }
  return { document, cells: [cell, ...others] };
}
