import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { newFile, smelt } from './editor.ts';
import { ask, hasPage, runLenses, shownInline } from './page.ts';
import { inEveryTheme } from './themes.ts';

const text = `# %%
x = 1

# %%
for i in range(3):
    y = (
        i
    )
x + 1

# %%
x + 2
`;

export function runCommands(): void {
  describe('commands that run cells', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });

    const run = (command: string): Thenable<string | undefined> =>
      vscode.commands.executeCommand<string | undefined>(command);
    const at = (editor: vscode.TextEditor, line: number, last = line, character = 0): void => {
      editor.selection = new vscode.Selection(line, 0, last, character);
    };

    it('advances to the next cell, and makes one after the last', async () => {
      const editor = await newFile('advance.py', text);
      at(editor, 1);
      assert.equal(await run('smelt.runAndAdvance'), 'ok');
      assert.equal(editor.selection.active.line, 4);
      at(editor, 11);
      assert.equal(await run('smelt.runAndAdvance'), 'ok');
      assert.equal(editor.document.lineAt(editor.selection.active.line - 1).text, '# %%');
      assert.match(api.inlineLines(editor.document.uri).at(-1) ?? '', /· 3$/);
      await editor.document.save();
    });

    it('runs a cell and what is below it, and nothing above', async () => {
      const editor = await newFile('below.py', text);
      at(editor, 1);
      assert.equal(await run('smelt.runCell'), 'ok');
      await run('smelt.clearResults');
      at(editor, 5);
      assert.equal(await run('smelt.runBelow'), 'ok');
      assert.deepEqual(
        api.inlineLines(editor.document.uri).map((line) => line.split(' · ').at(-1)),
        ['2', '3'],
      );
    });

    it('runs the cells above, and not the cell itself', async () => {
      const editor = await newFile('above.py', text);
      at(editor, 8);
      assert.equal(await run('smelt.runAbove'), 'ok');
      assert.deepEqual(
        api.inlineLines(editor.document.uri).map((line) => line.split(' · ')[0]),
        ['✓ Python'],
      );
    });

    it('runs the statement under the cursor, or the selection, without its indentation', async () => {
      const editor = await newFile('statement.py', text);
      at(editor, 6);
      // The middle of "y = (i)" inside the loop: i does not exist yet.
      assert.equal(await run('smelt.runSelection'), 'error');
      at(editor, 4);
      assert.equal(await run('smelt.runSelection'), 'ok');
      at(editor, 5, 8, 0);
      assert.equal(await run('smelt.runSelection'), 'ok');
      at(editor, 8);
      assert.equal(await run('smelt.runSelection'), 'error');
      assert.match(api.inlineLines(editor.document.uri).at(-1) ?? '', /line 9 NameError.*'x'/);
    });

    it('restarts the kernel and runs everything in the new one', async () => {
      const editor = await newFile('restart.py', text);
      assert.equal(await run('smelt.runAllCells'), 'ok');
      const before = api.kernelPid(editor.document.uri);
      assert.equal(await run('smelt.restartAndRunAll'), 'ok');
      assert.notEqual(api.kernelPid(editor.document.uri), before);
      assert.equal(api.inlineLines(editor.document.uri).length, 3);
    });

    it('gives each file a kernel of its own', async () => {
      const first = await newFile('own1.py', '# %%\nseen = 41\n');
      assert.equal(await run('smelt.runAllCells'), 'ok');
      const second = await newFile('own2.py', '# %%\nseen + 1\n');
      assert.equal(await run('smelt.runAllCells'), 'error');
      assert.match(api.inlineLines(second.document.uri)[0] ?? '', /NameError.*'seen'/);
      const pids = [first, second].map(({ document: { uri } }) => api.kernelPid(uri));
      assert.ok(pids[0] !== undefined && pids[1] !== undefined && pids[0] !== pids[1]);
    });

    it('shares one kernel among the files of a folder when asked to', async () => {
      const settings = vscode.workspace.getConfiguration('smelt.kernel');
      await settings.update('sharing', 'folder', vscode.ConfigurationTarget.Workspace);
      try {
        await newFile('shared1.py', '# %%\nseen = 41\n');
        assert.equal(await run('smelt.runAllCells'), 'ok');
        const other = await newFile('shared2.py', '# %%\nseen + 1\n');
        assert.equal(await run('smelt.runAllCells'), 'ok');
        assert.match(api.inlineLines(other.document.uri)[0] ?? '', /· 42$/);
      } finally {
        await settings.update('sharing', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });

    it('says that a run was slower than those before by more than their spread', async () => {
      const editor = await newFile(
        'slower.py',
        '# %%\nimport time\ntry:\n    n += 1\nexcept NameError:\n    n = 0\ntime.sleep(0.5 if n == 5 else 0.02)\n',
      );
      for (let i = 0; i < 6; i += 1) assert.equal(await run('smelt.runAllCells'), 'ok');
      assert.match(api.inlineLines(editor.document.uri)[0] ?? '', /\d+(\.\d)?x slower than before/);
      await shownInline('slower than before');
      await runLenses();
      await inEveryTheme('slower');
    });
  });

  describe('profile', () => {
    it('shows time, share and device beside each line, and goes with an edit', async () => {
      const api = await smelt();
      const editor = await newFile(
        'profiled.py',
        '# %%\nimport torch\na = torch.ones(600, 600)\nfor _ in range(20):\n    b = a @ a\nc = a + 1\n',
      );
      const { uri } = editor.document;
      await vscode.commands.executeCommand('smelt.runCell');
      assert.deepEqual(api.profileLines(uri), []);
      assert.equal(await vscode.commands.executeCommand('smelt.profileCell'), 'ok');
      const lines = api.profileLines(uri);
      const product = lines.find((line) => line.startsWith('5:'));
      assert.match(
        product ?? '',
        /^5: [\d.]+ (µs|ms|s) · \d+% · cpu · 20 times$/,
        lines.join('\n'),
      );
      await shownInline('20 times');
      await runLenses();
      await inEveryTheme('profile');
      await editor.edit((edit) => edit.insert(new vscode.Position(5, 5), '+ 1 '));
      assert.deepEqual(api.profileLines(uri), []);
      await editor.document.save();
    });
  });

  describe('variables', () => {
    it('shows what the kernel holds, and reads the numbers only when asked', async () => {
      const api = await smelt();
      const editor = await newFile(
        'variables.py',
        '# %%\nimport torch\nimport mlx.core as mx\nweights = torch.tensor([1.0, float("nan")])\nlazy = mx.ones((4, 4)) + 1\nmodel = torch.nn.Linear(4, 2)\nname = "run 7"\n',
      );
      const settings = vscode.workspace.getConfiguration('smelt.kernel');
      await settings.update('evaluateLazy', false, vscode.ConfigurationTarget.Workspace);
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'ok');
      await settings.update('evaluateLazy', undefined, vscode.ConfigurationTarget.Workspace);
      assert.match(api.inlineLines(editor.document.uri)[0] ?? '', /1 lazy array not in the time/);
      const lines = await api.variables();
      const of = (name: string): string => lines.find((line) => line.startsWith(`${name}:`)) ?? '';
      assert.match(of('weights'), /Tensor float32 \[2\] cpu · 8 bytes/, lines.join('\n'));
      assert.match(of('lazy'), /array float32 \[4, 4\].* · lazy/);
      assert.match(of('name'), /run 7/);
      await runLenses();
      await vscode.commands.executeCommand('smelt.showVariables');
      if (hasPage()) {
        await ask({ ask: 'waitForText', text: 'Linear', within: '.panel' });
      }
      await vscode.commands.executeCommand('smelt.examineVariable', {
        path: ['weights'],
        variable: { kind: 'tensor' },
      });
      assert.match(
        (await api.variables()).find((line) => line.startsWith('weights')) ?? '',
        /1 NaN/,
      );
      if (hasPage()) {
        await ask({ ask: 'waitForText', text: '1 NaN', within: '.panel' });
        await inEveryTheme('variables');
      }
      await vscode.commands.executeCommand('workbench.action.closePanel');
    });
  });
}
