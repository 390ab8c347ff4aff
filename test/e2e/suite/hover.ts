import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { newFile, openFile, smelt, when, workspaceUri } from './editor.ts';
import { ask, focusEditor, hasPage, notification, shownInline } from './page.ts';
import { inEveryTheme } from './themes.ts';

const text = `# %% set up
import torch
a = torch.ones(300, 300)

# %% multiply
for _ in range(5):
    b = a @ a
b.sum()
`;

/** The hover of a cell's line: all that is known, and what to do next. */
export function cellHover(): void {
  describe('hover of a cell', () => {
    let api: SmeltApi;
    /** Milliseconds that up to thirty runs in a new kernel may take on a busy machine. */
    const measuring = 100_000;
    before(async () => {
      api = await smelt();
      await newFile('hover.py', text);
      for (let i = 0; i < 4; i += 1) await vscode.commands.executeCommand('smelt.runAllCells');
    });

    const show = async (): Promise<void> => {
      const editor = await openFile('hover.py');
      await shownInline('tensor(27000000.)');
      editor.selection = new vscode.Selection(7, 2, 7, 2);
      await focusEditor();
      await vscode.commands.executeCommand('editor.action.showHover');
      await ask({ ask: 'waitForText', text: 'Until the code returned', within: '.monaco-hover' });
    };
    const follow = async (link: string): Promise<void> => {
      await show();
      await ask({ ask: 'click', selector: `.monaco-hover a:text-is("${link}")` });
    };

    it('has the line, the last runs, the report and the links', async function () {
      if (!hasPage()) this.skip();
      await show();
      for (const part of ['✓ cpu', 'runs, median', 'Compare devices', '2 tensors'])
        await ask({ ask: 'waitForText', text: part, within: '.monaco-hover' });
      await inEveryTheme('cell-hover', show);
    });

    it('is closed by Escape before the results are', async function () {
      if (!hasPage()) this.skip();
      await ask({ ask: 'parkMouse' });
      await show();
      await ask({ ask: 'press', keys: 'Escape' });
      await ask({ ask: 'noSelector', selector: '.monaco-hover:not(.hidden) .hover-contents' });
      // What the key has asked for comes before this is answered.
      await shownInline('tensor(27000000.)');
      await focusEditor();
      assert.equal(api.inlineLines(workspaceUri('hover.py')).length, 2);
      const again = await newFile('escape.py', '# %%\n"gone soon"\n');
      await vscode.commands.executeCommand('smelt.runAllCells');
      await shownInline('gone soon');
      // No hover may open under it, which Escape would close first.
      await ask({ ask: 'parkMouse' });
      await focusEditor();
      await ask({ ask: 'press', keys: 'Escape' });
      await when(
        'the results are gone',
        () => api.inlineLines(again.document.uri).length === 0,
        api.onDidChangeLines as vscode.Event<never>,
      );
    });

    it('goes when the editor scrolls: Escape clears the results at once', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('scrolled.py', `# %%\n"far up"\n${'# more\n'.repeat(200)}`);
      const { uri } = editor.document;
      await vscode.commands.executeCommand('smelt.runAllCells');
      editor.selection = new vscode.Selection(201, 2, 201, 2);
      editor.revealRange(editor.selection);
      await shownInline('far up');
      await ask({ ask: 'parkMouse' });
      await focusEditor();
      await vscode.commands.executeCommand('editor.action.showHover');
      await ask({ ask: 'waitForText', text: 'Until the code returned', within: '.monaco-hover' });
      const [before] = editor.visibleRanges;
      await vscode.commands.executeCommand('editorScroll', { to: 'up', by: 'line', value: 3 });
      await when(
        'it has scrolled',
        () => editor.visibleRanges[0]?.start.line !== before?.start.line,
        vscode.window.onDidChangeTextEditorVisibleRanges as vscode.Event<never>,
      );
      await ask({ ask: 'noSelector', selector: '.monaco-hover:not(.hidden) .hover-contents' });
      await ask({ ask: 'press', keys: 'Escape' });
      await when(
        'the results are gone',
        () => api.inlineLines(uri).length === 0,
        api.onDidChangeLines as vscode.Event<never>,
      );
    });

    it('leads to the line that made a tensor', async function () {
      if (!hasPage()) this.skip();
      await follow('b');
      await when(
        'the line is selected',
        () => vscode.window.activeTextEditor?.selection.active.line === 6,
        vscode.window.onDidChangeTextEditorSelection as vscode.Event<never>,
      );
    });

    it('profiles the cell', async function () {
      if (!hasPage()) this.skip();
      await follow('Profile');
      const { uri } = (await openFile('hover.py')).document;
      await when(
        'the lines have times',
        () => api.profileLines(uri).some((line) => line.startsWith('7:')),
        api.onDidChangeLines as vscode.Event<never>,
      );
    });

    it('benchmarks the cell, and shows the median of its runs', async function () {
      if (!hasPage()) this.skip();
      this.timeout(2 * measuring);
      await follow('Benchmark properly');
      await ask({ ask: 'waitForFrame', text: 'runs within', patience: measuring });
      await inEveryTheme('benchmark-cell', () => ask({ ask: 'waitForFrame', text: 'as it is' }));
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('compares devices, and says so where there is one only', async function () {
      if (!hasPage()) this.skip();
      this.timeout(2 * measuring);
      await follow('Compare devices');
      await ask({ ask: 'waitForFrame', text: 'nothing to compare with', patience: measuring });
      await inEveryTheme('compare-devices');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('can be told to stop, and shows what was measured', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile(
        'long.py',
        '# %%\nimport time\nn = globals().get("n", 0) + 1\n# Twice to warm up and to have one time, and then for ever.\ntime.sleep(0.01 if n < 3 else 600)\n',
      );
      const measured = vscode.commands.executeCommand<{ end: string; times: number[] }>(
        'smelt.benchmarkCell',
        editor.document.uri,
        0,
      );
      await notification('run 2 of 30');
      await ask({
        ask: 'click',
        selector: '.notifications-center .monaco-button:has-text("Cancel")',
      });
      const { end, times } = await measured;
      assert.equal(end, 'interrupted');
      assert.equal(times.length, 1);
      await ask({ ask: 'waitForFrame', text: 'was interrupted' });
      await vscode.commands.executeCommand('notifications.hideList');
      await inEveryTheme('benchmark-stopped');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
  });
}
