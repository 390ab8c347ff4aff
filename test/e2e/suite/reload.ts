import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { config } from './config.ts';
import { newFile, openFile, smelt, when, workspaceUri } from './editor.ts';
import { openNotebook } from './openNotebook.ts';
import { ask, hasPage, inputAsks, shownInline } from './page.ts';
import { textOf } from './textOf.ts';
import { inEveryTheme } from './themes.ts';

const inWorkspace = (name: string): string => join(config.workspace, name);

/** Cells wait for it, so that they end in the second window. */
const signal = 'go-on';
const notes = inWorkspace('first-window.json');

const waiting = `import os, time\nprint("begin")\nwhile not os.path.exists("${signal}"):\n    time.sleep(0.05)\nprint("end")\nx = 41\nx + 1`;
const text = `# %%\nkept = "kept"\nkept\n\n# %%\n${waiting}\n\n# %%\nkept + " in order"\n`;

const linesWith = (api: SmeltApi, uri: vscode.Uri, pattern: RegExp): Promise<string> =>
  when(
    `a line says ${pattern}`,
    () => api.inlineLines(uri).find((line) => pattern.test(line)),
    api.onDidChangeLines as vscode.Event<never>,
  );

async function openCell(): Promise<vscode.NotebookCell> {
  const uri = workspaceUri('reload.ipynb');
  const notebook = await openNotebook(uri, 'smelt.metal', { preview: false });
  return notebook.cellAt(0);
}

const outputHas = (cell: vscode.NotebookCell, wanted: string): Promise<true> =>
  when(
    `the notebook says ${wanted}`,
    () => textOf(cell).includes(wanted) || undefined,
    vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>,
  );

/** Runs in two windows, one after the other: the second takes over what the first has left. */
export function reload(): void {
  if (existsSync(notes)) secondWindow();
  else firstWindow();
}

function firstWindow(): void {
  describe('a window that reloads', () => {
    it('has a kernel with a running cell, cells that wait, and a notebook that runs', async () => {
      const api = await smelt();
      const editor = await newFile('reload.py', text);
      const { uri } = editor.document;
      assert.equal(await vscode.commands.executeCommand('smelt.runCell', uri, 0), 'ok');
      void vscode.commands.executeCommand('smelt.runBelow', uri, 5);
      await linesWith(api, uri, /running .*begin/);
      const cell = {
        cell_type: 'code',
        id: 'a',
        execution_count: null,
        metadata: {},
        outputs: [],
        source: waiting,
      };
      const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
      await vscode.workspace.fs.writeFile(
        workspaceUri('reload.ipynb'),
        Buffer.from(JSON.stringify(notebook)),
      );
      const shown = await openCell();
      void vscode.commands.executeCommand('notebook.cell.execute', {
        ranges: [{ start: 0, end: 1 }],
        document: shown.notebook.uri,
      });
      await outputHas(shown, 'begin');
      const asks = await newFile('asks-again.py', '# %%\nname = input("Your name? ")\nname\n');
      void vscode.commands.executeCommand('smelt.runCell', asks.document.uri, 0);
      await linesWith(api, asks.document.uri, /waiting for input/);
      const pids = [uri, shown.notebook.uri].map((each) => api.kernelPid(each));
      assert.ok(pids.every((pid) => pid !== undefined));
      writeFileSync(notes, JSON.stringify(pids));
    });
  });
}

function secondWindow(): void {
  describe('the window after a reload', () => {
    const pids = JSON.parse(readFileSync(notes, 'utf8')) as number[];

    it('asks again what a cell waits for', async function () {
      if (!hasPage()) this.skip();
      const api = await smelt();
      const { document } = await openFile('asks-again.py');
      await ask({ ask: 'waitForText', text: 'The cell asks' });
      // Opening the file took the focus away.
      await ask({ ask: 'click', selector: '.quick-input-widget input[type=text]' });
      await inputAsks('The cell asks');
      await ask({ ask: 'type', text: 'Ada' });
      await ask({ ask: 'press', keys: 'Enter' });
      await linesWith(api, document.uri, /'Ada'$/);
    });

    it('shows results again, goes on with the running cell and with those that wait', async () => {
      const api = await smelt();
      const editor = await openFile('reload.py');
      const { uri } = editor.document;
      await linesWith(api, uri, /running .*begin/);
      assert.equal(api.kernelPid(uri), pids[0]);
      assert.match(api.inlineLines(uri)[0] ?? '', /^✓ Python · .*'kept'$/);
      assert.match(api.inlineLines(uri)[2] ?? '', /queued 1$/);
      await shownInline("'kept'");
      await inEveryTheme('reloaded');
      writeFileSync(inWorkspace(signal), '');
      await linesWith(api, uri, /'kept in order'$/);
      assert.match(api.inlineLines(uri)[1] ?? '', /^✓ Python · .* s · .*42$/);
      const variables = await api.variables();
      assert.ok(
        variables.some((each) => each.startsWith('kept: ')),
        variables.join(),
      );
      assert.equal(await vscode.commands.executeCommand('smelt.runCell', uri, 0), 'ok');
    });

    it('goes on with a cell of a notebook', async () => {
      const api = await smelt();
      const cell = await openCell();
      writeFileSync(inWorkspace(signal), '');
      await when(
        'the cell has ended',
        () => cell.executionSummary?.success,
        vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>,
      );
      assert.equal(api.kernelPid(cell.notebook.uri), pids[1]);
      assert.match(textOf(cell), /^begin\nend\n42$/);
    });
  });
}
