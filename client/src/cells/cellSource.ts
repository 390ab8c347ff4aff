import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CellSource } from '../kernel/execution.ts';
import { dedented } from './logicalLines.ts';
import type { PercentCell } from './percentCells.ts';

/** What a kernel is given of a cell: its lines as they are now. */
export const sourceOf = (
  document: vscode.TextDocument,
  cell: PercentCell,
  mode: 'run' | 'profile' = 'run',
): CellSource => ({
  code: codeOf(document, cell),
  filename: filenameOf(document),
  line: cell.code,
  mode,
  evaluate: vscode.workspace.getConfiguration('smelt.kernel', document).get('evaluateLazy', true),
});

/** What tracebacks call a document. */
export const filenameOf = ({ uri }: vscode.TextDocument): string =>
  uri.scheme === 'file' ? uri.fsPath : basename(uri.path);

/** Marker lines are comments, so that the code of a cell is its lines as they stand. */
function codeOf(document: vscode.TextDocument, cell: PercentCell): string {
  if (cell.last < cell.code) return '';
  const range = new vscode.Range(cell.code, 0, cell.last, Number.MAX_SAFE_INTEGER);
  return dedented(document.getText(range).split(/\r\n|\r|\n/)).join('\n');
}
