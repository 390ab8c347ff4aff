import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeOf, diagnosticsWhen, smelt, when, workspaceUri } from './editor.ts';
import { ask, hasPage, screenshot } from './page.ts';

const textOf = (cell: vscode.NotebookCell): string =>
  cell.outputs
    .flatMap(({ items }) => items)
    .map(({ data }) => new TextDecoder().decode(data))
    .join('');

async function openNotebook(): Promise<vscode.NotebookDocument> {
  const notebook = await vscode.workspace.openNotebookDocument(workspaceUri('explore.ipynb'));
  const editor = await vscode.window.showNotebookDocument(notebook);
  await vscode.commands.executeCommand('notebook.selectKernel', {
    notebookEditor: editor,
    id: 'smelt.metal',
    extension: 'smelt.smelt',
  });
  return notebook;
}

async function runCell(
  notebook: vscode.NotebookDocument,
  index: number,
): Promise<vscode.NotebookCell> {
  const cell = notebook.cellAt(index);
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
  await when(
    `cell ${index} has run`,
    () => cell.executionSummary?.success !== undefined,
    vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>,
  );
  return cell;
}

export function notebooks(): void {
  describe('notebooks', () => {
    before(() => smelt());

    it('finds what is wrong in cells, in the order in which they run', async () => {
      const notebook = await openNotebook();
      const found = await Promise.all(
        notebook
          .getCells()
          .filter(({ document }) => /cuda|perf_counter/.test(document.getText()))
          .map(({ document }) =>
            diagnosticsWhen(document.uri, 'the cell has a finding', (all) => all.length > 0),
          ),
      );
      const codes = found.flat().map(codeOf);
      assert.ok(codes.includes('MPS102'), codes.join());
      assert.ok(codes.includes('MLX101'), codes.join());
    });

    it('runs a cell and shows device and time under it', async () => {
      const api = await smelt();
      const notebook = await openNotebook();
      await runCell(notebook, 1);
      const cell = await runCell(notebook, 3);
      await vscode.commands.executeCommand('notebook.focusBottom');
      assert.equal(cell.executionSummary?.success, true);
      assert.ok(textOf(cell).length > 0);
      const line = await when(
        'the line is kept',
        () => api.notebookLine(cell),
        vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>,
      );
      assert.match(line, /^✓ (cpu|mps|cuda) · /);
      if (hasPage()) await ask({ ask: 'waitForText', text: line });
      if (hasPage()) await ask({ ask: 'waitForFrame', text: textOf(cell).trim() });
      await screenshot('notebook');
    });

    it('shows an error as notebooks do', async () => {
      const notebook = await openNotebook();
      const edit = new vscode.WorkspaceEdit();
      edit.set(notebook.uri, [
        vscode.NotebookEdit.insertCells(notebook.cellCount, [
          new vscode.NotebookCellData(
            vscode.NotebookCellKind.Code,
            'print("so far")\n1 / 0',
            'python',
          ),
        ]),
      ]);
      await vscode.workspace.applyEdit(edit);
      const cell = await runCell(notebook, notebook.cellCount - 1);
      assert.equal(cell.executionSummary?.success, false);
      assert.match(textOf(cell), /so far[\s\S]*ZeroDivisionError/);
      await vscode.commands.executeCommand('workbench.action.files.save');
    });

    it('opens a notebook without cells', async () => {
      const uri = workspaceUri('empty.ipynb');
      await vscode.workspace.fs.writeFile(
        uri,
        Buffer.from('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
      );
      const notebook = await vscode.workspace.openNotebookDocument(uri);
      await vscode.window.showNotebookDocument(notebook);
      assert.equal(notebook.cellCount, 0);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
  });
}
