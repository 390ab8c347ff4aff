import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { smelt, when } from './editor.ts';
import { newNotebook } from './newNotebook.ts';
import { ask, hasPage, inputAsks } from './page.ts';
import { textOf } from './textOf.ts';
import { inEveryTheme } from './themes.ts';

const changed = vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>;

const open = (name: string, cells: readonly string[]): Promise<vscode.NotebookDocument> =>
  newNotebook(name, cells, 'smelt.metal');

const mimesOf = (cell: vscode.NotebookCell): string[] =>
  cell.outputs.flatMap(({ items }) => items.map(({ mime }) => mime));
/** What cells of notebooks put out, as VS Code draws it. */
export function notebookOutputs(): void {
  describe('outputs of a notebook', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });
    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.files.save');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('are tables, plots and text; they are cleared, updated and overwritten', async () => {
      const notebook = await open('rich.ipynb', [
        'import pandas as pd\npd.DataFrame({"device": ["cpu", "mps"], "milliseconds": [842.0, 12.4]})',
        '%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.figure(figsize=(3, 1.5))\nplt.plot([1, 4, 9])\nplt.show()',
        'from IPython.display import HTML, clear_output, display\nprint("before the clearing")\nclear_output()\nhandle = display(HTML("<p>first picture</p>"), display_id=True)\nhandle.update(HTML("<p>second picture</p>"))',
        'import torch\nfor i in range(101):\n    print(f"\\r{i}% of the epoch", end="")\nkept = torch.ones(3)',
      ]);
      await vscode.commands.executeCommand('notebook.execute', notebook.uri);
      const [table, plot, updated, bar] = notebook.getCells() as [
        vscode.NotebookCell,
        vscode.NotebookCell,
        vscode.NotebookCell,
        vscode.NotebookCell,
      ];
      await when('all have run', () => bar.executionSummary?.success === true, changed);
      assert.ok(mimesOf(table).includes('text/html'), mimesOf(table).join());
      assert.ok(mimesOf(plot).includes('image/png'), mimesOf(plot).join());
      assert.match(textOf(updated), /second picture/);
      assert.doesNotMatch(textOf(updated), /first picture|before the clearing/);
      assert.match(textOf(bar), /100% of the epoch/);
      const variables = await api.variables();
      assert.ok(
        variables.some((line) => /^kept: Tensor float32 \[3\]/.test(line)),
        variables.join('\n'),
      );
      if (!hasPage()) return;
      await vscode.commands.executeCommand('notebook.focusTop');
      await ask({ ask: 'waitForFrame', text: 'milliseconds' });
      await ask({ ask: 'waitForFrame', text: 'second picture' });
      await inEveryTheme('notebook-outputs');
    });

    it('of a progress bar and print() that take turns end in one text for each', async () => {
      const notebook = await open('turns.ipynb', [
        'import sys\nfor i in range(800):\n    print("step", i, flush=True)\n    print(f"\\r{i}%", end="", file=sys.stderr, flush=True)',
      ]);
      const cell = notebook.cellAt(0);
      await vscode.commands.executeCommand('notebook.execute', notebook.uri);
      await when('it has run', () => cell.executionSummary?.success === true, changed);
      assert.ok(cell.outputs.length <= 500, `${cell.outputs.length}`);
      const text = textOf(cell);
      assert.deepEqual(
        [0, 499, 799].map((i) => text.includes(`step ${i}\n`)),
        [true, true, true],
      );
      assert.match(text, /799%/);
    });

    it('have a line under them with the parts that are set', async () => {
      const settings = vscode.workspace.getConfiguration('smelt.inline');
      const notebook = await open('parts.ipynb', ['41 + 1']);
      await settings.update('parts', ['result', 'device'], vscode.ConfigurationTarget.Workspace);
      try {
        await vscode.commands.executeCommand('notebook.execute', notebook.uri);
        await when(
          'the line has them',
          () => api.notebookLine(notebook.cellAt(0)) === '✓ 42 · Python',
          api.onDidChangeNotebookLines as vscode.Event<never>,
        );
        if (hasPage()) await ask({ ask: 'waitForText', text: '✓ 42 · Python' });
      } finally {
        await settings.update('parts', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });

    it('ask for input, and a cell that never ends is interrupted', async function () {
      if (!hasPage()) this.skip();
      const notebook = await open('asks.ipynb', [
        'name = input("Your name? ")\nname',
        'print("spinning")\nwhile True: pass',
        '"alive"',
      ]);
      const [asks, endless, last] = notebook.getCells() as [
        vscode.NotebookCell,
        vscode.NotebookCell,
        vscode.NotebookCell,
      ];
      void vscode.commands.executeCommand('notebook.execute', notebook.uri);
      await inputAsks('Your name?');
      await ask({ ask: 'type', text: 'Ada' });
      await ask({ ask: 'press', keys: 'Enter' });
      await when('it prints', () => textOf(endless).includes('spinning'), changed);
      assert.match(textOf(asks), /'Ada'/);
      await vscode.commands.executeCommand('notebook.cancelExecution', {
        ranges: [{ start: 1, end: 2 }],
        document: notebook.uri,
      });
      await when('it has ended', () => endless.executionSummary?.success === false, changed);
      await vscode.commands.executeCommand('notebook.cell.execute', {
        ranges: [{ start: 2, end: 3 }],
        document: notebook.uri,
      });
      await when('the next runs', () => last.executionSummary?.success === true, changed);
      assert.match(textOf(last), /'alive'/);
    });
  });
}
