import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { config } from './config.ts';
import { newFile, smelt, when } from './editor.ts';
import {
  ask,
  focusEditor,
  hasPage,
  inputAsks,
  notification,
  shownInline,
  shownLens,
} from './page.ts';
import { inEveryTheme } from './themes.ts';

/** What test/e2e/ms-python.python-0.0.1 says of itself. */
interface Neighbour {
  pressed(): number;
  readonly onDidPress: vscode.Event<never>;
}

/** Beside the Python and the Python Environments extension, for which test/e2e/ms-python.… stand. */
export function neighbour(): void {
  describe('beside the Python extensions', () => {
    let api: SmeltApi;
    let other: Neighbour;
    before(async () => {
      api = await smelt();
      const extension = vscode.extensions.getExtension<Neighbour>('ms-python.python');
      if (extension === undefined) throw new Error('The neighbour is not there.');
      other = await extension.activate();
    });

    it('runs cells in the interpreter that it has chosen', async () => {
      const editor = await newFile('chosen.py', '# %%\nimport sys\nsys.prefix\n');
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'ok');
      const prefix = config.barePython.replace('/bin/python', '');
      assert.ok(api.inlineLines(editor.document.uri)[0]?.includes(prefix.slice(0, 60)));
    });

    it('offers the interpreters that the Environments extension knows', async function () {
      if (!hasPage()) this.skip();
      const picked = vscode.commands.executeCommand('smelt.selectInterpreter');
      const text = 'made by the Environments extension';
      await inputAsks(text);
      await inEveryTheme('environments-extension');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await picked;
    });

    it('asks once whose Shift+Enter is, leaves it until then, and takes it after a yes', async function () {
      if (!hasPage()) this.skip();
      await notification('Shift+Enter sends lines to the terminal here.');
      await inEveryTheme('keys-question');
      const editor = await newFile('keys.py', '# %%\n"mine"\n');
      await shownLens('Run on Metal');
      await focusEditor();
      await ask({ ask: 'press', keys: 'Shift+Enter' });
      await when('the terminal has the key', () => other.pressed() === 1, other.onDidPress);
      assert.deepEqual(api.inlineLines(editor.document.uri), []);
      await notification('Shift+Enter sends lines to the terminal here.');
      await ask({
        ask: 'click',
        selector: '.notifications-center .monaco-button:has-text("Give to Smelt")',
      });
      await when(
        'the answer is remembered',
        () => vscode.workspace.getConfiguration('smelt.cells').get('keys') === 'smelt',
        vscode.workspace.onDidChangeConfiguration as vscode.Event<never>,
      );
      await focusEditor();
      await ask({ ask: 'press', keys: 'Shift+Enter' });
      await when(
        'the cell has run',
        () => api.inlineLines(editor.document.uri)[0]?.endsWith("'mine'"),
        api.onDidChangeLines as vscode.Event<never>,
      );
      assert.equal(other.pressed(), 1);
      await shownInline("'mine'");
      await editor.document.save();
    });
  });
}
