import * as vscode from 'vscode';
import type { CellRunner } from '../cells/cellRunner.ts';
import { activePythonEditor, cellsOf } from '../cells/documentCells.ts';
import type { PercentCell } from '../cells/percentCells.ts';
import { cellAtLine } from '../cells/percentCells.ts';
import { mayRun } from '../trust.ts';

/** Which cells a command takes, given those of the file and the line that it is about. */
type Selection = (cells: readonly PercentCell[], line: number) => readonly PercentCell[];

const cellAt: Selection = (cells, line) => {
  const cell = cellAtLine(cells, line);
  return cell === undefined ? [] : [cell];
};

const above: Selection = (cells, line) => {
  const cell = cellAtLine(cells, line);
  return cells.filter(({ first }) => cell !== undefined && first < cell.first);
};

/** The commands that run cells. A CodeLens names file and line; otherwise the cursor does. */
const command =
  (runner: CellRunner, select: Selection) =>
  async (uri?: vscode.Uri, line?: number): Promise<string | undefined> => {
    const editor = activePythonEditor();
    const document =
      uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) : editor?.document;
    if (document === undefined) {
      void vscode.window.showInformationMessage('Open a Python file to run its cells.');
      return undefined;
    }
    if (!(await mayRun('A cell'))) return undefined;
    const cells = select(cellsOf(document), line ?? editor?.selection.active.line ?? 0);
    if (cells.length === 0) {
      void vscode.window.showInformationMessage('There is no code to run.');
      return undefined;
    }
    return runner.run(document, cells);
  };

export const runCell = (runner: CellRunner) => command(runner, cellAt);
export const runAllCells = (runner: CellRunner) => command(runner, (cells) => cells);
export const runAbove = (runner: CellRunner) => command(runner, above);
