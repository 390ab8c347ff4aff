import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { config } from './config.ts';
import { newFile, openFile, runErrors, smelt, when } from './editor.ts';
import { ask, hasPage, inputAsks, shownInline, shownLens } from './page.ts';
import { inEveryTheme } from './themes.ts';

const run = (command: string, ...args: unknown[]): Thenable<string | undefined> =>
  vscode.commands.executeCommand<string | undefined>(command, ...args);

/** What cells of Python files put out, line by line and in Results. */
export function outputs(): void {
  describe('outputs', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });
    afterEach(() => vscode.commands.executeCommand('workbench.action.closePanel'));

    const lineOf = (editor: vscode.TextEditor): string =>
      api.inlineLines(editor.document.uri).at(-1) ?? '';

    it('shows tables, plots, HTML, LaTeX and coloured text beside the file, and keeps the focus', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile(
        'rich.py',
        [
          '# %% table',
          'import pandas as pd',
          'pd.DataFrame({"device": ["cpu", "mps"], "milliseconds": [842.0, 12.4]})',
          '',
          '# %% plot',
          'import matplotlib.pyplot as plt',
          'plt.figure(figsize=(3, 2))',
          'plt.plot([1, 4, 9])',
          'plt.show()',
          '',
          '# %% text',
          'from IPython.display import HTML, display',
          'print("\x1b[31mred\x1b[0m, \x1b[1;32mbold green\x1b[0m")',
          'display(HTML("<b>bold</b> and <a href=\\"https://pytorch.org\\">a link</a>"))',
          '',
        ].join('\n'),
      );
      assert.equal(await run('smelt.runAllCells'), 'ok');
      await ask({ ask: 'waitForFrame', text: 'milliseconds' });
      await ask({ ask: 'waitForFrame', text: 'a link' });
      await when(
        'the editor has the focus',
        () => vscode.window.activeTextEditor === editor,
        vscode.window.onDidChangeActiveTextEditor as vscode.Event<never>,
      );
      await vscode.commands.executeCommand('workbench.action.toggleMaximizedPanel');
      await inEveryTheme('results', () => ask({ ask: 'waitForFrame', text: 'a link' }));
      await vscode.commands.executeCommand('workbench.action.toggleMaximizedPanel');
    });

    it('shows a progress bar as one line that moves', async () => {
      const editor = await newFile(
        'bar.py',
        '# %%\nimport sys, time\nfor i in range(101):\n    print(f"\\r{i:3}% of the epoch", end="", file=sys.stderr, flush=True)\n    if i == 50: input("half way?")\n',
      );
      const all = run('smelt.runAllCells');
      await when(
        'it is half way',
        () => lineOf(editor).includes('50% of the epoch'),
        api.onDidChangeLines as vscode.Event<never>,
      );
      if (hasPage()) {
        await inputAsks('half way?');
        await shownInline('waiting for input');
        await inEveryTheme('asks-for-input');
        await inputAsks('half way?');
        await ask({ ask: 'press', keys: 'Enter' });
      } else await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      assert.equal(await all, 'ok');
      assert.match(lineOf(editor), /· 100% of the epoch$/);
    });

    it('clears and updates what a cell has shown', async function () {
      if (!hasPage()) this.skip();
      await newFile(
        'updates.py',
        [
          '# %%',
          'from IPython.display import HTML, clear_output, display',
          'print("before the clearing")',
          'clear_output()',
          'handle = display(HTML("<p>first picture</p>"), display_id=True)',
          'print("after the clearing")',
          'handle.update(HTML("<p>second picture</p>"))',
          '',
        ].join('\n'),
      );
      assert.equal(await run('smelt.runAllCells'), 'ok');
      await ask({ ask: 'waitForFrame', text: 'second picture' });
      await ask({ ask: 'waitForFrame', text: 'after the clearing' });
      await ask({ ask: 'noFrame', text: 'first picture' });
      await ask({ ask: 'noFrame', text: 'before the clearing' });
      await inEveryTheme('updated-output');
    });

    it('keeps the end of a flood, and the editor answers meanwhile', async () => {
      const editor = await newFile(
        'flood.py',
        '# %%\nfor _ in range(100):\n    print("x" * 999_999)\nprint("the end")\n',
      );
      const all = run('smelt.runAllCells');
      await editor.edit((edit) => edit.insert(new vscode.Position(4, 0), '# typed meanwhile\n'));
      assert.equal(await all, 'ok');
      assert.match(lineOf(editor), /· the end$/);
      await editor.document.save();
    });

    it('has the end of a progress bar and print() that take turns, and the editor answers meanwhile', async () => {
      const editor = await newFile(
        'turns.py',
        '# %%\nimport sys\nfor i in range(20_000):\n    print("step", i, flush=True)\n    print(f"\\r{i}", end="", file=sys.stderr, flush=True)\nprint("the end")\n',
      );
      const all = run('smelt.runAllCells');
      await editor.edit((edit) => edit.insert(new vscode.Position(6, 0), '# typed meanwhile\n'));
      assert.equal(await all, 'ok');
      assert.match(lineOf(editor), /the end$/);
      await editor.document.save();
    });

    it('runs magics with IPython, and says what is missing without', async () => {
      const editor = await newFile(
        'magics.py',
        '# %%\n%timeit -n1 -r1 sum(range(10))\n!echo from the shell\n',
      );
      assert.equal(await run('smelt.runAllCells'), 'ok');
      assert.match(lineOf(editor), /· from the shell$/);
      const settings = vscode.workspace.getConfiguration('smelt.python');
      await settings.update('interpreter', config.barePython, vscode.ConfigurationTarget.Workspace);
      try {
        const bare = await newFile('noMagics.py', '# %%\nx = 1\n%timeit x\n');
        assert.equal(await run('smelt.runAllCells'), 'error');
        assert.match(lineOf(bare), /^✗ line 3 .*%timeit needs IPython: .*python -m pip install/);
        const [error] = runErrors(bare.document.uri);
        assert.equal(error?.range.start.line, 2);
        await shownInline('needs IPython');
        await inEveryTheme('no-magics');
      } finally {
        await settings.update('interpreter', config.python, vscode.ConfigurationTarget.Workspace);
      }
    });

    it('are a log, too, which a command shows, and keeps the focus', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('logged.py', '# %%\nprint("a line")\n');
      assert.equal(await run('smelt.runAllCells'), 'ok');
      await run('smelt.showOutput');
      // Its text is in a file, which this VS Code cannot write: it lacks spdlog (test/client/outputLog.test.ts).
      const selector = '.panel select option:checked:has-text("Smelt Cells")';
      await ask({ ask: 'waitForSelector', selector });
      await inEveryTheme('output-log');
      assert.equal(vscode.window.activeTextEditor, editor);
    });

    it('has an empty page that says what to press', async function () {
      if (!hasPage()) this.skip();
      await newFile('quiet.py', '# %%\n1\n');
      await shownLens('Run on Metal');
      await run('smelt.showResults');
      await ask({ ask: 'waitForFrame', text: 'Nothing of quiet.py has run yet' });
      await inEveryTheme('results-empty');
      await openFile('quiet.py');
    });
  });
}
