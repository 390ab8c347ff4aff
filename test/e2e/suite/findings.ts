import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeOf, diagnosticsWhen, newFile, openFile, smelt, smeltDiagnostics } from './editor.ts';
import { ask, hasPage, quickFixMenu, shownLens } from './page.ts';
import { inEveryTheme } from './themes.ts';

const selector =
  'import torch\n\ndevice = "cuda" if torch.cuda.is_available() else "cpu"\nx = torch.ones(3).to(device)\n';

export function findings(): void {
  describe('findings', () => {
    before(() => smelt());

    it('marks what keeps a file off the GPU, with code, link and severity', async () => {
      const editor = await openFile('train_mps.py');
      const found = await diagnosticsWhen(
        editor.document.uri,
        'train_mps.py has findings',
        (all) => all.length >= 6,
      );
      const codes = found.map(codeOf).sort();
      assert.deepEqual(codes, ['MPS101', 'MPS102', 'MPS201', 'MPS202', 'MPS301', 'MPS302']);
      const device = found.find((each) => codeOf(each) === 'MPS102');
      assert.equal(device?.severity, vscode.DiagnosticSeverity.Warning);
      const code = device?.code as { target: vscode.Uri };
      assert.match(code.target.toString(), /selector-without-mps/);
      await inEveryTheme('findings');
    });

    it('shows the quick fix in the light bulb menu and applies it', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('fix_me.py', selector);
      await diagnosticsWhen(
        editor.document.uri,
        'the selector is found',
        (all) => all.length === 1,
      );
      editor.selection = new vscode.Selection(2, 12, 2, 12);
      await inEveryTheme('quick-fix', () => quickFixMenu('Add the mps arm'));
      await quickFixMenu('Add the mps arm');
      await ask({ ask: 'press', keys: 'Enter' });
      await diagnosticsWhen(editor.document.uri, 'the finding is gone', (all) => all.length === 0);
      assert.match(editor.document.getText(), /"mps" if torch\.backends\.mps\.is_available\(\)/);
      await vscode.commands.executeCommand('undo');
      assert.equal(editor.document.getText(), selector);
      await editor.document.save();
    });

    it('marks variables in files that are not Python', async () => {
      const wrong = 'PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.7';
      for (const [name, text] of [
        ['.env', `${wrong}\n`],
        ['train.sh', `#!/bin/sh\nexport ${wrong}\n`],
        ['.vscode/tasks.json', '{ "env": { "PYTORCH_MPS_HIGH_WATERMARK_RATIO": "0.7" } }\n'],
      ] as const) {
        const { document } = await newFile(name, text);
        await diagnosticsWhen(document.uri, `${name} has its finding`, (all) =>
          all.some((each) => codeOf(each) === 'MPS302'),
        );
      }
    });

    it('offers the fix, ignoring the line and the page of the rule', async () => {
      const editor = await newFile('actions.py', selector);
      const [finding] = await diagnosticsWhen(
        editor.document.uri,
        'the selector is found',
        (all) => all.length === 1,
      );
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        editor.document.uri,
        finding?.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const titles = actions.map(({ title }) => title);
      assert.ok(titles.includes('Add the mps arm'), titles.join());
      assert.ok(titles.includes('Ignore MPS102 on this line'), titles.join());
      assert.ok(titles.includes('Explain MPS102'), titles.join());
      assert.equal(actions.find(({ title }) => title === 'Add the mps arm')?.isPreferred, true);
    });

    it('fixes everything that is safe with source.fixAll.smelt', async () => {
      const editor = await openFile('time_mps.py');
      await diagnosticsWhen(
        editor.document.uri,
        'time_mps.py has findings',
        (all) => all.length > 0,
      );
      const [action] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        editor.document.uri,
        new vscode.Range(0, 0, editor.document.lineCount, 0),
        'source.fixAll.smelt',
      );
      assert.ok(action?.edit);
      await vscode.workspace.applyEdit(action.edit);
      await diagnosticsWhen(editor.document.uri, 'nothing is left', (all) => all.length === 0);
      assert.match(editor.document.getText(), /torch\.mps\.synchronize\(\)/);
    });

    it('explains a finding in its hover', async () => {
      const editor = await openFile('train_mps.py');
      const found = await diagnosticsWhen(
        editor.document.uri,
        'findings',
        (all) => all.length >= 6,
      );
      const at = found.find((each) => codeOf(each) === 'MPS201')?.range.start;
      assert.ok(at);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        editor.document.uri,
        at,
      );
      const text = hovers
        .flatMap(({ contents }) => contents)
        .map((part) => (typeof part === 'string' ? part : part.value))
        .join('\n');
      assert.match(text, /float64-to-mps/);
    });

    it('opens the page of a rule', async () => {
      await vscode.commands.executeCommand('smelt.showRule', 'MPS201');
      if (hasPage()) await ask({ ask: 'waitForFrame', text: 'Why is this bad?' });
      await inEveryTheme('rule-page');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('keeps up with typing, broken code and nothing at all', async () => {
      const editor = await newFile(
        'typing.py',
        'import torch\ntorch.zeros(2, device="cuda")\nx = torch.',
      );
      await diagnosticsWhen(editor.document.uri, 'the cuda device is found', (all) =>
        all.some((each) => codeOf(each) === 'MPS101'),
      );
      await editor.edit((edit) => edit.delete(new vscode.Range(0, 0, 10, 0)));
      await diagnosticsWhen(
        editor.document.uri,
        'an empty file has none',
        (all) => all.length === 0,
      );
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), selector));
      await diagnosticsWhen(editor.document.uri, 'it is found again', (all) => all.length === 1);
      await editor.document.save();
    });

    it('survives a file that is not UTF-8 and one of 5 MB', async () => {
      const latin = await newFile(
        'latin.py',
        Buffer.concat([
          Buffer.from('import torch  # caf'),
          Buffer.from([0xe9, 0x0a]),
          Buffer.from('torch.ones(1, device="cuda")\n'),
        ]),
      );
      await diagnosticsWhen(
        latin.document.uri,
        'the Latin-1 file is read',
        (all) => all.length === 1,
      );
      await newFile('huge.py', 'x = 1  # filler\n'.repeat(330_000));
      const after = await newFile('after.py', selector);
      await diagnosticsWhen(after.document.uri, 'the next file is read', (all) => all.length === 1);
      assert.equal(smeltDiagnostics(latin.document.uri).length, 1);
    });

    it('finds again after the server is restarted, and says how the server is', async () => {
      const editor = await newFile('restarted.py', selector);
      const { uri } = editor.document;
      await diagnosticsWhen(uri, 'it is found', (all) => all.length === 1);
      await vscode.commands.executeCommand('smelt.restartServer');
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# again\n'));
      await diagnosticsWhen(uri, 'it is found again', ([one]) => one?.range.start.line === 3);
      await editor.document.save();
      if (!hasPage()) return;
      await shownLens('Run on Metal');
      await ask({ ask: 'click', selector: '[id="status.languageStatus"]' });
      await ask({ ask: 'waitForText', text: 'Smelt finds and explains' });
      await inEveryTheme('server-status');
      // It stays until another place is clicked.
      await ask({ ask: 'click', selector: '.editor-group-container.active .view-lines' });
      await ask({ ask: 'noSelector', selector: '.hover-language-status' });
    });
  });
}
