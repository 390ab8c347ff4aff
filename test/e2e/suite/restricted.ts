import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { diagnosticsWhen, openFile, smelt } from './editor.ts';
import { hasPage, notification, shownLens } from './page.ts';
import { inEveryTheme } from './themes.ts';

export function restricted(): void {
  describe('a folder that is not trusted', () => {
    it('has findings, and starts no Python', async () => {
      assert.equal(vscode.workspace.isTrusted, false);
      const api = await smelt();
      const editor = await openFile('train_mps.py');
      await diagnosticsWhen(editor.document.uri, 'there are findings', (all) => all.length >= 6);
      void vscode.commands.executeCommand('smelt.runCell', editor.document.uri, 10);
      if (hasPage()) await notification('the folder is not trusted');
      await shownLens('Run above');
      await inEveryTheme('restricted');
      await vscode.commands.executeCommand('notifications.clearAll');
      assert.equal(api.kernelPid(editor.document.uri), undefined);
      assert.equal(api.deviceLabel(), 'Smelt');
    });
  });
}
