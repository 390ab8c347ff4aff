import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { newFile, smelt, when } from './editor.ts';
import { ask, hasPage, notification, runLenses, shownInline } from './page.ts';
import { inEveryTheme } from './themes.ts';

const run = (command: string): Thenable<string | undefined> =>
  vscode.commands.executeCommand<string | undefined>(command);

/** What a cell may do to its process, and how its line ends. */
const attacks: readonly (readonly [title: string, code: string, end: RegExp])[] = [
  ['closes stdout', 'import os, sys\nsys.stdout.close()\nos.close(1)', /^✓ Python · [^·]*$/],
  ['prints all the same', 'print("heard")', /· heard$/],
  ['redefines print', 'print = len\n"redefined"', /· 'redefined'$/],
  ['and has it back', 'del print\nprint("again")', /· again$/],
  [
    'forks',
    'pid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)[1]',
    /✓ Python · .*· 0$/,
  ],
  [
    'starts a thread that prints',
    'import threading\nthread = threading.Thread(target=lambda: print("from a thread"))\nthread.start(); thread.join()',
    /· from a thread$/,
  ],
  ['prints what is no text', 'os.write(1, b"\\xff\\xfe bytes\\n"); None', /· .* bytes$/],
  [
    'raises in repr',
    'class Broken:\n    def __repr__(self): raise ValueError("no")\nBroken()',
    /Broken \(its repr raised ValueError\)$/,
  ],
  [
    'uses up the file descriptors',
    'import resource\nlimit = resource.getrlimit(resource.RLIMIT_NOFILE)\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, limit[1]))\nheld = []\ntry:\n    while True: held.append(open(os.devnull))\nexcept OSError as error: print(error.strerror)',
    /· Too many open files$/,
  ],
  [
    'gives them back',
    'del held\nresource.setrlimit(resource.RLIMIT_NOFILE, limit)\n"free"',
    /· 'free'$/,
  ],
  ['leaves', 'import sys\nsys.exit(3)', /^✗ .*sys\.exit\(3\) was called; the kernel goes on/],
];

/** Cells that do to their process what cells do. */
export function survival(): void {
  describe('a kernel', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });

    it('survives what cells do to their process, and loses no line', async () => {
      const text = attacks.map(([title, code]) => `# %% ${title}\n${code}\n`).join('\n');
      const editor = await newFile('attacks.py', text);
      const { uri } = editor.document;
      assert.equal(await run('smelt.runAllCells'), 'error', 'the last cell exits');
      const lines = api.inlineLines(uri);
      attacks.forEach(([title, , end], i) => {
        assert.match(lines[i] ?? '', end, `${title}: ${lines[i]}`);
      });
      const pid = api.kernelPid(uri);
      assert.equal(await vscode.commands.executeCommand('smelt.runCell', uri, 5), 'ok');
      assert.equal(api.kernelPid(uri), pid);
      await shownInline('from a thread');
      await runLenses();
      await inEveryTheme('survives');
    });

    it('that does not react to the interrupt can be restarted, and nothing hangs', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile(
        'stubborn.py',
        '# %%\nimport signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})\nprint("deaf", flush=True)\ntime.sleep(600)\n',
      );
      const { uri } = editor.document;
      const running = run('smelt.runAllCells');
      await when(
        'it runs',
        () => api.inlineLines(uri)[0]?.includes('deaf'),
        api.onDidChangeLines as vscode.Event<never>,
      );
      await run('smelt.interrupt');
      await notification('has not reacted to the interrupt');
      await inEveryTheme('stubborn', () => notification('has not reacted to the interrupt'));
      await ask({
        ask: 'click',
        selector: '.notifications-center .monaco-button:has-text("Restart Kernel")',
      });
      assert.equal(await running, 'lost');
      await vscode.commands.executeCommand('notifications.clearAll');
      await editor.edit((edit) => edit.replace(new vscode.Range(1, 0, 4, 200), '"alive"'));
      assert.equal(await run('smelt.runAllCells'), 'ok');
      assert.match(api.inlineLines(uri)[0] ?? '', /· 'alive'$/);
      await editor.document.save();
    });
  });
}
