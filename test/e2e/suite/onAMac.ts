import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { newFile, openFile, runErrors, smelt, workspaceUri } from './editor.ts';
import { ask, focusEditor, hasPage, runLenses, shownInline } from './page.ts';
import { recordedMac } from './recordedMac.ts';
import { inEveryTheme } from './themes.ts';

const run = (command: string, ...args: unknown[]): Thenable<string | undefined> =>
  vscode.commands.executeCommand<string | undefined>(command, ...args);

const setUp = `# %% recorded: what a Mac answers
import warnings

import recorded_mac
import torch

`;

const cells = `${setUp}# %% forgotten
x = torch.ones(64, 64)
model = torch.nn.Linear(64, 64)
y = model(x)

# %% most of it
with recorded_mac.mps():
    weights = torch.ones(64, 64, device="mps")
    product = weights @ weights
bias = torch.zeros(64)
recorded_mac.gpu_time += 12_000_000
recorded_mac.allocated += 512_000_000

# %% hot
recorded_mac.heat = 2
torch.ones(2)

# %% fell back
recorded_mac.heat = 0
for _ in range(3):
    warnings.warn("The operator 'aten::linalg_svd' is not currently supported on the MPS backend and will fall back to run on the CPU.")
    e = torch.ones(3)
`;

/** torch logs so with PYTORCH_MPS_LOG_PROFILE_INFO; built from MPSProfiler.mm, as in test/client/copyLog.test.ts. */
const copies = `${setUp}# %% copies
import sys
for _ in range(2):
    sys.stderr.write("BlitCopySync: CPU:Float[1024, 1024] --> MPS:Float[1024, 1024] (len=4.00 MB)\\n")
sys.stderr.write("MemCopySync: MPS:Long[] --> CPU:Long[] (len=8 bytes)\\n")
`;

/** What only a Mac's GPU brings about: its facts are recorded, and everything else runs as it is. */
export function onAMac(): void {
  describe('on a recorded Mac', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
      const module = workspaceUri('recorded_mac.py');
      await vscode.workspace.fs.writeFile(module, Buffer.from(recordedMac));
      const editor = await newFile('onAMac.py', cells);
      assert.equal(await run('smelt.runAllCells'), 'ok');
      // The first run imports torch.
      assert.equal(await run('smelt.runBelow', editor.document.uri, 6), 'ok');
    });

    const lines = (): string[] => api.inlineLines(workspaceUri('onAMac.py'));
    const hoverAt = async (line: number, text: string): Promise<void> => {
      const editor = await openFile('onAMac.py');
      editor.selection = new vscode.Selection(line, 1, line, 1);
      await focusEditor();
      await vscode.commands.executeCommand('editor.action.hideHover');
      await vscode.commands.executeCommand('editor.action.showHover');
      await ask({ ask: 'waitForText', text, within: '.monaco-hover' });
    };

    it('names what stayed on the CPU while the GPU was idle', async () => {
      assert.match(lines()[1] ?? '', /^⚠ cpu · .* · GPU idle: x, y, model are on cpu/);
      if (!hasPage()) return;
      await openFile('onAMac.py');
      await shownInline('GPU idle');
      await runLenses();
      await inEveryTheme('left-on-cpu', () => hoverAt(9, 'On the CPU, although there is mps'));
    });

    it('says GPU time and memory, and in the hover what stayed behind', async () => {
      assert.match(lines()[2] ?? '', /^✓ mps · .* · \+512 MB/);
      if (!hasPage()) return;
      await hoverAt(17, 'GPU time');
      for (const text of ['12.0 ms', '512 MB', 'On the CPU, although there is mps'])
        await ask({ ask: 'waitForText', text, within: '.monaco-hover' });
      await inEveryTheme('gpu-time', () => hoverAt(17, '12.0 ms'));
    });

    it('says that heat slowed it', () => {
      assert.match(lines()[3] ?? '', /GPU idle: the result is on cpu · slowed by heat/);
    });

    it('marks the line of an operator that fell back, with its count', async () => {
      const uri = workspaceUri('onAMac.py');
      assert.match(lines()[4] ?? '', /^⚠ cpu · .*1 op on CPU/);
      const [diagnostic] = runErrors(uri);
      assert.equal(diagnostic?.range.start.line, 26);
      assert.match(diagnostic?.message ?? '', /aten::linalg_svd ran on the CPU 3 times/);
      if (!hasPage()) return;
      await hoverAt(27, 'aten::linalg_svd ran on the CPU');
      await inEveryTheme('fell-back', () => hoverAt(27, 'aten::linalg_svd ran on the CPU'));
    });

    it('counts copies between memory and MPS when it is asked to', async () => {
      const settings = vscode.workspace.getConfiguration('smelt.kernel');
      await settings.update('countCopies', true, vscode.ConfigurationTarget.Workspace);
      try {
        const editor = await newFile('copies.py', copies);
        assert.equal(await run('smelt.runAllCells'), 'ok');
        await run('smelt.copyReport', editor.document.uri.toString(), 6);
        const text = await vscode.env.clipboard.readText();
        assert.match(text, /from main memory to MPS \| 2, 8\.39 MB/);
        assert.match(text, /from MPS to main memory \| 1, 8 bytes/);
        assert.ok(!text.includes('BlitCopy'), text);
        if (!hasPage()) return;
        editor.selection = new vscode.Selection(10, 1, 10, 1);
        await shownInline('✓ Python');
        await runLenses();
        await inEveryTheme('copies', async () => {
          await focusEditor();
          await vscode.commands.executeCommand('editor.action.showHover');
          await ask({
            ask: 'waitForText',
            text: 'Copies from main memory to MPS',
            within: '.monaco-hover',
          });
        });
      } finally {
        await settings.update('countCopies', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });
  });
}
