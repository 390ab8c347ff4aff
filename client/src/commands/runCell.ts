import * as vscode from 'vscode';
import type { CellRunner } from '../cells/cellRunner.ts';
import { activePythonEditor, cellsOf, markedCells } from '../cells/documentCells.ts';
import { statementAt } from '../cells/logicalLines.ts';
import { cellAtLine } from '../cells/percentCells.ts';
import type { Selection } from './chosenCells.ts';
import { above, at, below, chosenCells } from './chosenCells.ts';

/** The commands that run cells; they resolve with the way the cells ended. */
const command =
  (runner: CellRunner, select: Selection, mode: 'run' | 'profile' = 'run') =>
  async (uri?: vscode.Uri | string, line?: number): Promise<string | undefined> => {
    const chosen = await chosenCells(select, uri, line);
    return chosen === null ? undefined : runner.run(chosen.document, chosen.cells, mode);
  };

export const runCell = (runner: CellRunner) => command(runner, at);
/** Line by line, with the device idle after each. */
export const profileCell = (runner: CellRunner) => command(runner, at, 'profile');
export const runAllCells = (runner: CellRunner) => command(runner, cellsOf);
export const runAbove = (runner: CellRunner) => command(runner, above);
export const runBelow = (runner: CellRunner) => command(runner, below);

/** The selected lines; without a selection the statement under the cursor. */
export const runSelection = (runner: CellRunner) =>
  command(runner, (document) => {
    const selection = activePythonEditor()?.selection;
    if (selection === undefined) return [];
    const { first, last } = selection.isEmpty
      ? statementAt(document.getText().split(/\r\n|\r|\n/), selection.active.line)
      : linesOf(selection);
    return [{ first, code: first, last }];
  });

/** A selection that ends before the first character of a line does not mean that line. */
const linesOf = ({ start, end }: vscode.Selection): { first: number; last: number } => ({
  first: start.line,
  last: end.character === 0 && end.line > start.line ? end.line - 1 : end.line,
});

/** Runs the cell under the cursor and goes to the next one, which is made after the last. */
export const runAndAdvance = (runner: CellRunner) => async (): Promise<string | undefined> => {
  const editor = activePythonEditor();
  if (editor === undefined) return command(runner, at)();
  const running = command(runner, at)(editor.document.uri, editor.selection.active.line);
  await advance(editor);
  return running;
};

async function advance(editor: vscode.TextEditor): Promise<void> {
  const { document } = editor;
  const here = cellAtLine(markedCells(document), editor.selection.active.line);
  const next = markedCells(document).find(({ first }) => here !== undefined && first > here.first);
  if (here === undefined) return;
  if (next === undefined) {
    const end = document.lineAt(document.lineCount - 1).range.end;
    const gap = end.character === 0 ? '\n' : '\n\n';
    if (!(await editor.edit((edit) => edit.insert(end, `${gap}# %%\n`)))) return;
  }
  const line = next === undefined ? document.lineCount - 1 : Math.min(next.code, next.last);
  editor.selection = new vscode.Selection(line, 0, line, 0);
  editor.revealRange(
    new vscode.Range(line, 0, line, 0),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}
