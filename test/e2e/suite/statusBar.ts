import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile, smelt, when } from './editor.ts';
import { ask, hasPage, inputAsks } from './page.ts';
import { inEveryTheme } from './themes.ts';

export function statusBar(): void {
  describe('status bar', () => {
    it('names the device of the interpreter', async () => {
      const api = await smelt();
      await openFile('train_mps.py');
      const label = await when(
        'the device is known',
        () => (api.deviceLabel() === 'Smelt' ? undefined : api.deviceLabel()),
        api.onDidChangeDevice as vscode.Event<never>,
      );
      assert.match(label, /^(MPS|CUDA|MLX|CPU|no MPS)$/);
      if (!hasPage()) return;
      const aria = await ask<string>({
        ask: 'label',
        selector: '[id="smelt.smelt.smelt.device"] a, [id="smelt.device"] a',
      });
      assert.match(aria, new RegExp(label));
      await inEveryTheme('status-bar');
    });

    it('lists what it knows of the device', async function () {
      if (!hasPage()) this.skip();
      const shown = vscode.commands.executeCommand('smelt.showDevice');
      await inputAsks('Interpreter');
      await inEveryTheme('show-device');
      await ask({ ask: 'press', keys: 'Escape' });
      await shown;
    });
  });
}
