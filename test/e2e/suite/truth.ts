import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { diagnosticsWhen, newFile, runErrors, smelt, when, workspaceUri } from './editor.ts';
import {
  ask,
  focusEditor,
  hasPage,
  quickFixMenu,
  runLenses,
  shownInline,
  shownLens,
} from './page.ts';
import { inEveryTheme } from './themes.ts';

const run = (command: string): Thenable<string | undefined> =>
  vscode.commands.executeCommand<string | undefined>(command);
/** The line after a cell: each of its parts, and what running has shown of other lines. */
export function truth(): void {
  describe('the line after a cell', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });

    it('says what MLX had left lazy, the rate of a product, and an operator that fell back', async () => {
      const editor = await newFile(
        'parts.py',
        [
          '# %% lazy',
          'import mlx.core as mx',
          'a = mx.ones((64, 64)) + 1',
          'b = a @ a',
          '',
          '# %% make',
          'import torch',
          'c = torch.ones(1024, 1024)',
          '',
          '# %% rate',
          'd = c @ c',
          '',
          '# %% fallback: torch warns so on a Mac, here the text alone',
          'import warnings',
          'warnings.warn("The operator \'aten::linalg_svd\' is not currently supported on the MPS backend and will fall back to run on the CPU.")',
          'e = c + 1',
          '',
        ].join('\n'),
      );
      const { uri } = editor.document;
      assert.equal(await run('smelt.runAllCells'), 'ok');
      assert.equal(await run('smelt.runAllCells'), 'ok', 'the first run imports');
      const [lazy = '', , rate = '', fallback = ''] = api.inlineLines(uri);
      assert.match(lazy, /^✓ mlx cpu · .* · 2 lazy arrays computed/);
      assert.match(rate, /^✓ cpu · .* · [\d.]+ [MGT]FLOP\/s/);
      assert.match(fallback, /^⚠ cpu · .* · 1 op on CPU/);
      const [diagnostic] = runErrors(uri);
      assert.equal(diagnostic?.range.start.line, 14);
      assert.match(diagnostic?.message ?? '', /aten::linalg_svd ran on the CPU once/);
      await shownInline('1 op on CPU');
      await shownLens('Run above');
      await inEveryTheme('parts');
    });

    it('names the parts that the setting lists, in that order, and nothing when it is off', async function () {
      if (!hasPage()) this.skip();
      const settings = vscode.workspace.getConfiguration('smelt.inline');
      const editor = await newFile('chosenParts.py', '# %%\nx = 41\nx + 1\n');
      assert.equal(await run('smelt.runAllCells'), 'ok');
      try {
        await settings.update('parts', ['result', 'device'], vscode.ConfigurationTarget.Workspace);
        assert.equal(api.inlineLines(editor.document.uri)[0], '✓ 42 · Python');
        await shownInline('42 · Python');
        await inEveryTheme('chosen-parts');
        await settings.update('enable', false, vscode.ConfigurationTarget.Workspace);
        await ask({ ask: 'noInline', text: '42 · Python' });
      } finally {
        await settings.update('parts', undefined, vscode.ConfigurationTarget.Workspace);
        await settings.update('enable', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });

    it('is dimmed while the text of its cell is another one', async function () {
      if (!hasPage()) this.skip();
      const signal = 'stale-may-end';
      // While it runs the line stays, and after that for a second.
      const editor = await newFile(
        'stale.py',
        `# %%\nimport os, time\nprint("as it was")\nwhile not os.path.exists("${signal}"): time.sleep(0.05)\n`,
      );
      const running = run('smelt.runAllCells');
      const fresh = await ask<string>({ ask: 'waitForInline', text: 'as it was' });
      await editor.edit((edit) => edit.insert(new vscode.Position(2, 7), 'not '));
      await ask({ ask: 'waitForInline', text: 'as it was', notColor: fresh });
      await shownLens('Interrupt');
      await inEveryTheme('stale');
      await vscode.workspace.fs.writeFile(workspaceUri(signal), new Uint8Array());
      assert.equal(await running, 'ok');
      await when(
        'the outdated line is gone',
        () => api.inlineLines(editor.document.uri).length === 0,
        api.onDidChangeLines as vscode.Event<never>,
      );
      await editor.document.save();
    });
  });

  describe('what goes wrong', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });

    it('explains a known error on its line, and offers the fix of the rule', async () => {
      const editor = await newFile(
        'noCuda.py',
        '# %%\nimport torch\n\nx = torch.ones(3)\ny = x.to("cuda")\n',
      );
      const { uri } = editor.document;
      assert.equal(await run('smelt.runAllCells'), 'error');
      const [diagnostic] = runErrors(uri);
      assert.equal(diagnostic?.range.start.line, 4, JSON.stringify(runErrors(uri)));
      assert.match(diagnostic?.message ?? '', /Torch not compiled with CUDA enabled\n\w+/);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        diagnostic?.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const titles = actions.map(({ title }) => title);
      assert.ok(
        titles.some((title) => title.startsWith('Explain MPS')),
        titles.join(),
      );
      if (!hasPage()) return;
      await shownInline('Torch not compiled');
      await runLenses();
      editor.selection = new vscode.Selection(4, 4, 4, 4);
      await inEveryTheme('explained-error', async () => {
        await focusEditor();
        await vscode.commands.executeCommand('editor.action.showHover');
        await ask({ ask: 'waitForText', text: 'smelt run', within: '.monaco-hover' });
        await ask({ ask: 'waitForText', text: 'Traceback', within: '.monaco-hover' });
      });
      const explanations = await ask<number>({
        ask: 'count',
        text: 'There is no CUDA here',
        within: '.monaco-hover',
      });
      assert.equal(explanations, 1, 'it is said once');
      await vscode.commands.executeCommand('editor.action.hideHover');
      await inEveryTheme('error-quick-fix', async () => {
        await quickFixMenu('Choose the device at run time');
        await ask({ ask: 'waitForText', text: 'Explain MPS', within: '.action-widget' });
      });
      await ask({ ask: 'press', keys: 'Escape' });
    });

    it('offers the fix of the rule for what has just failed, once, and the cell runs after it', async () => {
      const place = `file://${workspaceUri('rendezvous').fsPath}`;
      const editor = await newFile(
        'noNccl.py',
        `# %%\nimport torch\nimport torch.distributed as dist\n\ndist.init_process_group("nccl", init_method="${place}", rank=0, world_size=1)\ndist.get_backend()\n`,
      );
      const { uri } = editor.document;
      assert.equal(await run('smelt.runAllCells'), 'error');
      await diagnosticsWhen(uri, 'it is found, too', (all) => all.length === 1);
      const [diagnostic] = runErrors(uri);
      assert.equal(diagnostic?.range.start.line, 4);
      assert.match(diagnostic?.message ?? '', /NCCL needs NVIDIA GPUs/);
      const fixesAt = async (range: vscode.Range): Promise<vscode.CodeAction[]> => {
        const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          'vscode.executeCodeActionProvider',
          uri,
          range,
          vscode.CodeActionKind.QuickFix.value,
        );
        const fixes = actions.filter(({ edit, isPreferred }) => edit !== undefined && isPreferred);
        assert.equal(fixes.length, 1, JSON.stringify(actions));
        return fixes;
      };
      // The finding is about one argument, the error about the line.
      await fixesAt(new vscode.Range(4, 4, 4, 4));
      const fixes = await fixesAt(new vscode.Range(4, 0, 4, 200));
      if (hasPage()) {
        editor.selection = new vscode.Selection(4, 4, 4, 4);
        await inEveryTheme('run-error-fix', async () => {
          await quickFixMenu('Use gloo without CUDA');
          await ask({ ask: 'waitForText', text: 'Explain MPS701', within: '.action-widget' });
        });
        await ask({ ask: 'press', keys: 'Escape' });
      }
      assert.ok(fixes[0]?.edit !== undefined && (await vscode.workspace.applyEdit(fixes[0].edit)));
      assert.equal(await run('smelt.runAllCells'), 'ok');
      assert.match(api.inlineLines(uri).at(-1) ?? '', /· 'gloo'$/);
      assert.deepEqual(runErrors(uri), []);
      await editor.document.save();
    });

    it('says at which line native code has killed the kernel', async () => {
      const editor = await newFile(
        'segfault.py',
        '# %%\nimport ctypes\n\n\ndef read(address):\n    return ctypes.string_at(address)\n\n\nread(0)\n',
      );
      assert.equal(await run('smelt.runAllCells'), 'lost');
      const [line = ''] = api.inlineLines(editor.document.uri);
      assert.match(line, /^✗ .*SIGSEGV.*, at line 6 of segfault\.py/);
      await shownInline('SIGSEGV');
      await runLenses();
      await inEveryTheme('native-crash');
      await vscode.commands.executeCommand('notifications.clearAll');
    });
  });
}
