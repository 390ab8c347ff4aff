import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { config } from './config.ts';
import { diagnosticsWhen, newFile, smelt, useInterpreter } from './editor.ts';
import { hasPage, inputAsks, notification } from './page.ts';
import { inEveryTheme } from './themes.ts';

export function interpreters(): void {
  describe('interpreters', () => {
    before(() => smelt());
    afterEach(() => vscode.commands.executeCommand('notifications.clearAll'));
    after(() => useInterpreter(config.python));

    it('shows what each interpreter has, read from files', async function () {
      if (!hasPage()) this.skip();
      // A page of its own, as the benchmark's, takes the focus, and with it the list.
      await newFile('select.py', 'x = 1\n');
      await vscode.commands.executeCommand('notifications.clearAll');
      const picked = vscode.commands.executeCommand('smelt.selectInterpreter');
      await inputAsks('torch 2.13.0');
      await inEveryTheme('select-interpreter');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await picked;
    });

    it('makes an environment for the folder, and uses it', async () => {
      // One without packages, so that none have to be fetched for the new one.
      const old = join(config.workspace, 'old-environment');
      spawnSync(config.barePython, ['-m', 'venv', '--without-pip', old]);
      await useInterpreter(join(old, 'bin/python'));
      const made = await vscode.commands.executeCommand<string>('smelt.makeEnvironment');
      assert.ok(made?.startsWith(join(config.workspace, '.venv')), made);
      const api = await smelt();
      const editor = await newFile('made.py', '# %%\nimport sys\nsys.prefix\n');
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'ok');
      assert.ok(api.inlineLines(editor.document.uri)[0]?.includes('.venv'));
    });

    it('finds what is wrong with the versions of the interpreter that is chosen', async () => {
      const editor = await newFile(
        'versions.py',
        'import torch\n\ny = torch.linalg.eigvals(torch.rand(2, 2, device="mps"))\n',
      );
      const speaksOf = (version: string): Promise<unknown> =>
        diagnosticsWhen(editor.document.uri, `the finding speaks of torch ${version}`, (all) =>
          all.some(({ message }) => message.includes(`in torch ${version} (`)),
        );
      // Nothing is installed there: the newest version that was read stands for it.
      await useInterpreter(config.barePython);
      await speaksOf('2.15.0');
      await useInterpreter(config.python);
      await speaksOf('2.13.0+cpu');
    });

    it('runs cells without IPython, torch and MLX', async () => {
      await useInterpreter(config.barePython);
      const api = await smelt();
      const editor = await newFile('bare.py', '# %%\nsum(range(10))\n');
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'ok');
      assert.match(api.inlineLines(editor.document.uri)[0] ?? '', /45$/);
    });

    it('says that an interpreter does not exist, and offers to choose another', async () => {
      await useInterpreter('/no/such/python');
      await newFile('nowhere.py', '# %%\n1\n');
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'cancelled');
      if (!hasPage()) return;
      await notification('/no/such/python does not exist');
      await notification('Select Interpreter');
      await inEveryTheme('no-interpreter');
    });

    it('says why an interpreter dies at start', async () => {
      const path = join(config.workspace, 'dying-python');
      writeFileSync(path, '#!/bin/sh\necho "dyld: Library not loaded" >&2\nexit 6\n');
      chmodSync(path, 0o755);
      await useInterpreter(path);
      const api = await smelt();
      const editor = await newFile('dying.py', '# %%\n1\n');
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'cancelled');
      assert.deepEqual(api.inlineLines(editor.document.uri), []);
      if (hasPage()) await notification('dyld: Library not loaded');
      await inEveryTheme('dying-interpreter');
    });
  });
}
