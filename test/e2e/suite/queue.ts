import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { newFile, smelt, when } from './editor.ts';
import { ask, hasPage, inputAsks, marked, shownInline, shownLens } from './page.ts';
import { inEveryTheme } from './themes.ts';

const text = `# %% train
import time
print("training", flush=True)
while True:
    time.sleep(0.01)

# %% evaluate
"evaluated"

# %% plot
"plotted"

# %% save
"saved"
`;

export function queue(): void {
  describe('queue', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });

    const run = (command: string, ...args: unknown[]): Thenable<string | undefined> =>
      vscode.commands.executeCommand<string | undefined>(command, ...args);
    const linesAre = (uri: vscode.Uri, what: string, ...wanted: RegExp[]): Promise<unknown> =>
      when(
        what,
        () => {
          const lines = api.inlineLines(uri);
          return (
            lines.length === wanted.length && wanted.every((each, i) => each.test(lines[i] ?? ''))
          );
        },
        api.onDidChangeLines as vscode.Event<never>,
      );

    it('shows where each cell waits, cancels one with a click, and goes on', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('queue.py', text);
      const { uri } = editor.document;
      const all = run('smelt.runAllCells');
      await linesAre(uri, 'three wait', /training/, /^queued 1$/, /^queued 2$/, /^queued 3$/);
      await shownInline('queued 3');
      await ask({ ask: 'waitForText', text: '3 wait', within: '.statusbar' });
      await shownLens('Interrupt');
      await inEveryTheme('queue');
      // The lenses stand in the order of the file: evaluate, plot, save. All of them have come.
      const last = '.codelens-decoration a:text("Cancel") >> nth=2';
      await ask({ ask: 'waitForSelector', selector: last });
      await ask({ ask: 'click', selector: '.codelens-decoration a:text("Cancel") >> nth=1' });
      await linesAre(uri, 'plot is cancelled', /training/, /^queued 1$/, /^queued 2$/);
      await vscode.commands.executeCommand('smelt.interrupt');
      assert.equal(await all, 'interrupted');
      assert.equal(api.inlineLines(uri).length, 1, 'what waited behind an interrupt is dropped');
    });

    it('is a list that a keyboard can empty', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('queueList.py', text);
      const { uri } = editor.document;
      const all = run('smelt.runAllCells');
      await linesAre(uri, 'three wait', /training/, /queued 1/, /queued 2/, /queued 3/);
      const list = run('smelt.showQueue');
      await inputAsks('Cancel plot');
      await ask({
        ask: 'waitForText',
        text: 'queueList.py, line 10',
        within: '.quick-input-widget',
      });
      await inEveryTheme('queue-list');
      await inputAsks('Cancel plot');
      await ask({ ask: 'type', text: 'plot' });
      await marked('.quick-input-widget', 'Cancel plot');
      await ask({ ask: 'press', keys: 'Enter' });
      await linesAre(uri, 'plot is cancelled', /training/, /queued 1/, /queued 2/);
      for (let i = 0; i < 4; i += 1) await ask({ ask: 'press', keys: 'Backspace' });
      // The list has followed, and keeps its mark from now on.
      const all2 = { ask: 'waitForText', text: 'Cancel all 2 that wait' } as const;
      await ask({ ...all2, within: '.quick-input-widget' });
      await ask({ ask: 'type', text: 'that wait' });
      await marked('.quick-input-widget', 'Cancel all 2');
      await ask({ ask: 'press', keys: 'Enter' });
      await linesAre(uri, 'nothing waits', /training/);
      for (let i = 0; i < 9; i += 1) await ask({ ask: 'press', keys: 'Backspace' });
      const gone = '.quick-input-widget .monaco-list-row:has-text("Cancel all")';
      await ask({ ask: 'noSelector', selector: gone });
      await marked('.quick-input-widget', 'Interrupt train');
      await ask({ ask: 'press', keys: 'Enter' });
      assert.equal(await all, 'interrupted');
      await ask({ ask: 'press', keys: 'Escape' });
      await list;
    });

    it('is cleared by a command, and cancels the cell under the cursor', async () => {
      const editor = await newFile('queueCommands.py', text);
      const { uri } = editor.document;
      const all = run('smelt.runAllCells');
      await linesAre(uri, 'three wait', /training/, /queued 1/, /queued 2/, /queued 3/);
      editor.selection = new vscode.Selection(7, 0, 7, 0);
      await run('smelt.cancelCell');
      await linesAre(uri, 'evaluate is cancelled', /training/, /queued 1/, /queued 2/);
      await run('smelt.clearQueue');
      await linesAre(uri, 'nothing waits', /training/);
      await run('smelt.interrupt');
      assert.equal(await all, 'interrupted');
      await editor.edit((edit) => edit.replace(new vscode.Range(3, 0, 4, 20), 'x = 1'));
      assert.equal(await run('smelt.runAllCells'), 'ok', 'the kernel goes on');
      await editor.document.save();
    });
  });
}
