import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { newFile, openFile, runErrors, smelt, when } from './editor.ts';
import {
  ask,
  focusEditor,
  hasPage,
  inputAsks,
  notification,
  runLenses,
  shownInline,
  shownLens,
} from './page.ts';
import { inEveryTheme } from './themes.ts';

/** Runs the cell at a line; the way it ended. */
const runCell = (uri: vscode.Uri, line: number): Thenable<string | undefined> =>
  vscode.commands.executeCommand<string | undefined>('smelt.runCell', uri, line);

export function cells(): void {
  describe('cells', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });

    it('offers to run every cell, and a file without cells as a whole', async () => {
      const editor = await openFile('train_mps.py');
      const titles = async (uri: vscode.Uri): Promise<string[]> =>
        (
          await vscode.commands.executeCommand<vscode.CodeLens[]>(
            'vscode.executeCodeLensProvider',
            uri,
            100,
          )
        )
          .filter(({ command }) => command?.title.includes('Run on Metal'))
          .map(
            ({ range }) =>
              editor.document.lineAt(Math.min(range.start.line, editor.document.lineCount - 1))
                .text,
          );
      const lenses = await titles(editor.document.uri);
      assert.equal(lenses.length, 5);
      assert.ok(
        lenses.every((text) => text.startsWith('# %%')),
        lenses.join(),
      );
      const plain = await newFile('plain.py', 'x = 1\n');
      assert.equal((await titles(plain.document.uri)).length, 1);
    });

    it('shows device, time and result after the last line', async () => {
      const editor = await newFile(
        'device.py',
        '# %%\nimport torch\na = torch.ones(64, 64)\n\n# %%\na @ a\n\n# %%\n1 + 1\n',
      );
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'ok');
      const lines = api.inlineLines(editor.document.uri);
      assert.equal(lines.length, 3);
      assert.match(
        lines[1] ?? '',
        /^✓ (cpu|mps|cuda) · [\d.]+ (µs|ms) · tensor float32 \[64, 64\] (cpu|mps|cuda)/,
      );
      assert.match(lines[2] ?? '', /^✓ Python · [\d.]+ µs · 2$/);
      await shownInline('tensor float32');
      await shownInline('Python');
      await shownLens('Run above');
      await inEveryTheme('inline-result');
    });

    it('has the whole report in the hover', async function () {
      if (!hasPage()) this.skip();
      const editor = await openFile('device.py');
      editor.selection = new vscode.Selection(5, 2, 5, 2);
      await inEveryTheme('inline-hover', async () => {
        await vscode.commands.executeCommand('editor.action.showHover');
        await ask({ ask: 'waitForText', text: 'Until the code returned', within: '.monaco-hover' });
      });
      await vscode.commands.executeCommand('editor.action.hideHover');
    });

    it('moves with its cell, goes when the cell is edited, and comes back with undo', async () => {
      const editor = await openFile('device.py');
      const { uri } = editor.document;
      const before = api.inlineLines(uri);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# a comment above\n\n'));
      assert.deepEqual(api.inlineLines(uri), before);
      await editor.edit((edit) => edit.insert(new vscode.Position(10, 5), ' + 1'));
      assert.equal(editor.document.lineAt(10).text, '1 + 1 + 1');
      const lines = api.onDidChangeLines as vscode.Event<never>;
      await when('the outdated line is gone', () => api.inlineLines(uri).length === 2, lines);
      await vscode.commands.executeCommand('undo');
      assert.equal(editor.document.lineAt(10).text, '1 + 1');
      await when('it is back', () => isDeepStrictEqual(api.inlineLines(uri), before), lines);
      await editor.edit((edit) => edit.insert(new vscode.Position(10, 5), ' + 1'));
      await when('it is gone again', () => api.inlineLines(uri).length === 2, lines);
      await editor.document.save();
    });

    it('shows an error on its line, with the traceback, and runs nothing after it', async () => {
      const editor = await newFile(
        'failing.py',
        '# %%\nimport torch\n\n\ndef add():\n    return torch.ones(2) + torch.ones(3)\n\n\nadd()\n\n# %%\nprint("never")\n',
      );
      const { uri } = editor.document;
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'error');
      const [line, ...others] = api.inlineLines(uri);
      assert.match(line ?? '', /^✗ line 6 RuntimeError: The size of tensor a/);
      assert.deepEqual(others, []);
      const [diagnostic] = runErrors(uri);
      assert.equal(diagnostic?.range.start.line, 5);
      assert.match(diagnostic?.message ?? '', /RuntimeError/);
      await shownInline('RuntimeError');
      await shownLens('Run above');
      await inEveryTheme('failing-cell');
    });

    it('clears the error when the cell runs well', async () => {
      const editor = await openFile('failing.py');
      await editor.edit((edit) =>
        edit.replace(new vscode.Range(5, 0, 5, 100), '    return torch.ones(2)'),
      );
      assert.equal(await runCell(editor.document.uri, 0), 'ok');
      assert.deepEqual(runErrors(editor.document.uri), []);
      await editor.document.save();
    });

    it('interrupts an endless loop and runs the next cell', async () => {
      const editor = await newFile(
        'endless.py',
        '# %%\nprint("spinning")\nwhile True: pass\n\n# %%\n"alive"\n',
      );
      const { uri } = editor.document;
      const running = runCell(uri, 0);
      await when(
        'it prints',
        () => api.inlineLines(uri)[0]?.includes('spinning'),
        api.onDidChangeLines as vscode.Event<never>,
      );
      await shownInline('spinning');
      await shownLens('Interrupt');
      await inEveryTheme('running');
      await vscode.commands.executeCommand('smelt.interrupt');
      assert.equal(await running, 'interrupted');
      assert.match(api.inlineLines(uri)[0] ?? '', /^✗ interrupted/);
      await shownInline('interrupted');
      await runLenses();
      await inEveryTheme('interrupted');
      assert.equal(await runCell(uri, 5), 'ok');
      assert.match(api.inlineLines(uri)[1] ?? '', /'alive'$/);
    });

    it('says why when the kernel is killed in the middle of a cell, and keeps earlier results', async () => {
      const editor = await newFile(
        'killed.py',
        '# %%\nx = 41\nx + 1\n\n# %%\nimport time\nprint("waiting", flush=True)\ntime.sleep(600)\n',
      );
      const { uri } = editor.document;
      assert.equal(await runCell(uri, 0), 'ok');
      const running = runCell(uri, 5);
      await when(
        'it prints',
        () => api.inlineLines(uri)[1]?.includes('waiting'),
        api.onDidChangeLines as vscode.Event<never>,
      );
      const pid = api.kernelPid(uri);
      assert.ok(pid);
      process.kill(pid, 'SIGKILL');
      assert.equal(await running, 'lost');
      const [first, second] = api.inlineLines(uri);
      assert.match(first ?? '', /42$/);
      assert.match(second ?? '', /^✗ The kernel was killed \(SIGKILL\)/);
      await shownInline('The kernel was killed');
      await runLenses();
      if (hasPage()) await notification('Its variables are gone');
      await inEveryTheme('killed-kernel');
      await vscode.commands.executeCommand('notifications.clearAll');
      assert.equal(await runCell(uri, 0), 'ok', 'the next cell starts a new kernel');
    });

    it('says how much of the memory a killed kernel held', async () => {
      const editor = await newFile(
        'hungry.py',
        '# %%\nimport time\nheld = bytearray(400_000_000)\nprint("held", flush=True)\ntime.sleep(600)\n',
      );
      const { uri } = editor.document;
      const running = runCell(uri, 0);
      await when(
        'the memory is held',
        () => api.inlineLines(uri)[0]?.includes('held'),
        api.onDidChangeLines as vscode.Event<never>,
      );
      // Nothing tells of a look at the memory, one a second; it is a timer of this process, which keeps their order.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      process.kill(api.kernelPid(uri) ?? Number.NaN, 'SIGKILL');
      assert.equal(await running, 'lost');
      const [line = ''] = api.inlineLines(uri);
      const [, held] = /It held (\d+) MB of [\d.]+ GB\.$/.exec(line) ?? [];
      assert.ok(Number(held) > 400, line);
      await shownInline('It held');
      await runLenses();
      if (hasPage()) await notification(`It held ${held} MB`);
      await inEveryTheme('out-of-memory');
      await vscode.commands.executeCommand('notifications.clearAll');
    });

    it('restarts the kernel: variables are gone, results are not', async () => {
      const editor = await openFile('killed.py');
      const { uri } = editor.document;
      const pid = api.kernelPid(uri);
      await vscode.commands.executeCommand('smelt.restartKernel');
      assert.notEqual(api.kernelPid(uri), pid);
      assert.match(api.inlineLines(uri)[0] ?? '', /42$/);
    });

    it('asks for input', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('asks.py', '# %%\nname = input("Your name? ")\nname\n');
      const running = runCell(editor.document.uri, 0);
      await inputAsks('The cell asks');
      await ask({ ask: 'type', text: 'Ada' });
      await ask({ ask: 'press', keys: 'Enter' });
      assert.equal(await running, 'ok');
      assert.match(api.inlineLines(editor.document.uri)[0] ?? '', /'Ada'$/);
    });

    it('has its keys as soon as the first marker is typed', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('marked.py', '"whole"\n');
      await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '# %%\n"typed"\n'));
      editor.selection = new vscode.Selection(2, 0, 2, 0);
      await shownLens('Run above');
      await focusEditor();
      await ask({ ask: 'press', keys: 'Control+Enter' });
      await when(
        'it has run',
        () => api.inlineLines(editor.document.uri)[0]?.endsWith("'typed'"),
        api.onDidChangeLines as vscode.Event<never>,
      );
      await editor.document.save();
    });

    it('runs the cell under the cursor with the keyboard', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('keys.py', '# %%\n"first"\n\n# %%\n"second"\n');
      editor.selection = new vscode.Selection(4, 0, 4, 0);
      // No hover may open under it, which Escape would close first.
      await ask({ ask: 'parkMouse' });
      await shownLens('Run above');
      await focusEditor();
      await ask({ ask: 'press', keys: 'Control+Enter' });
      await when(
        'it has run',
        () => api.inlineLines(editor.document.uri)[0]?.endsWith("'second'"),
        api.onDidChangeLines as vscode.Event<never>,
      );
      await shownInline("'second'");
      await ask({ ask: 'press', keys: 'Escape' });
      await when(
        'Escape clears',
        () => api.inlineLines(editor.document.uri).length === 0,
        api.onDidChangeLines as vscode.Event<never>,
      );
    });
  });
}
