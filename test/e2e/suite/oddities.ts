import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { newFile, openFile, runErrors, smelt, when, workspaceUri } from './editor.ts';
import { ask, hasPage, screenshot, shownInline, shownLens } from './page.ts';
import { inEveryTheme } from './themes.ts';

const run = (command: string, ...args: unknown[]): Thenable<string | undefined> =>
  vscode.commands.executeCommand<string | undefined>(command, ...args);

const slow =
  '# %% first\nkept = 42\n"first"\n\n# %% slow\nimport time\nprint("waiting", flush=True)\ntime.sleep(2.5)\n"slow"\n\n# %% last\nkept\n';

/** What people do to files and editors while cells run. */
export function oddities(): void {
  describe('oddities', () => {
    let api: SmeltApi;
    before(async () => {
      api = await smelt();
    });
    const waits = (uri: vscode.Uri): Promise<unknown> =>
      when(
        'it waits',
        () => api.inlineLines(uri).some((line) => line.includes('waiting')),
        api.onDidChangeLines as vscode.Event<never>,
      );
    const ends = (uri: vscode.Uri): string[] =>
      api.inlineLines(uri).map((line) => line.split(' · ').at(-1) ?? '');

    it('a file that is renamed keeps its kernel and its results', async () => {
      const { document } = await newFile('before.py', slow);
      const all = run('smelt.runAllCells');
      await waits(document.uri);
      const renamed = workspaceUri('after renaming.py');
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(document.uri, renamed);
      assert.ok(await vscode.workspace.applyEdit(edit));
      const editor = await openFile('after renaming.py');
      assert.equal(await all, 'ok');
      assert.deepEqual(ends(renamed), ["'first'", "'slow'", '42']);
      await vscode.window.showTextDocument(editor.document);
      assert.equal(await run('smelt.runCell', renamed, 11), 'ok', 'kept is still known');
    });

    it('a file that is renamed keeps its errors on their lines', async () => {
      const { document } = await newFile('failed.py', '# %%\nx = 1\n\n1 / 0\n');
      assert.equal(await run('smelt.runAllCells'), 'error');
      const renamed = workspaceUri('failed and renamed.py');
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(document.uri, renamed);
      assert.ok(await vscode.workspace.applyEdit(edit));
      await openFile('failed and renamed.py');
      const [diagnostic] = await when(
        'the error has moved along',
        () => {
          const found = vscode.languages.getDiagnostics(renamed);
          return found.length > 0 && found;
        },
        vscode.languages.onDidChangeDiagnostics as vscode.Event<never>,
      );
      assert.equal(diagnostic?.range.start.line, 3);
    });

    it('a cell that is deleted while it runs takes its line along, and the others go on', async () => {
      const editor = await newFile('deleted.py', slow);
      const { uri } = editor.document;
      const all = run('smelt.runAllCells');
      await waits(uri);
      await editor.edit((edit) => edit.delete(new vscode.Range(4, 0, 10, 0)));
      assert.equal(await all, 'ok');
      await when(
        'its line is gone',
        () => ends(uri).join() === "'first',42",
        api.onDidChangeLines as vscode.Event<never>,
      );
      await editor.document.save();
    });

    it('a file that is closed while it runs has its results when it is opened again', async () => {
      const { document } = await newFile('closed.py', slow);
      const all = run('smelt.runAllCells');
      await waits(document.uri);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      assert.equal(await all, 'ok');
      const again = await openFile('closed.py');
      assert.deepEqual(ends(again.document.uri), ["'first'", "'slow'", '42']);
      await shownInline("'slow'");
    });

    /** Closes a file while its cells run; how that ends is in the answer. */
    const runAndClose = async (uri: vscode.Uri, text: string): Promise<[Thenable<unknown>]> => {
      await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
      // VS Code keeps a document for minutes that an extension has opened.
      await vscode.commands.executeCommand('vscode.open', uri);
      const document = vscode.window.activeTextEditor?.document;
      const all = run('smelt.runAllCells');
      await waits(uri);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await when(
        'it is closed',
        () => document?.isClosed,
        vscode.workspace.onDidCloseTextDocument as vscode.Event<never>,
      );
      return [all];
    };

    it('a file that changes while it is closed has its results where its cells are then', async () => {
      const uri = workspaceUri('elsewhere.py');
      const [all] = await runAndClose(uri, slow);
      const text = slow.replace('# %% slow', '# %% new\n1\n\n# %% slow');
      await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
      await openFile('elsewhere.py');
      assert.equal(await all, 'ok');
      assert.equal(await run('smelt.runCell', uri, 4), 'ok', 'the new cell has a line of its own');
      assert.deepEqual(ends(uri), ["'first'", '1', "'slow'", '42']);
    });

    it('a cell that fails in a closed file is a problem when that is opened again', async () => {
      const uri = workspaceUri('fails-closed.py');
      const text =
        '# %%\nimport os, time\nprint("waiting", flush=True)\nwhile not os.path.exists("it-is-closed"):\n    time.sleep(0.05)\n1 / 0\n';
      const [all] = await runAndClose(uri, text);
      await vscode.workspace.fs.writeFile(workspaceUri('it-is-closed'), new Uint8Array());
      assert.equal(await all, 'error');
      assert.deepEqual(runErrors(uri), []);
      await openFile('fails-closed.py');
      const changed = vscode.languages.onDidChangeDiagnostics as vscode.Event<never>;
      await when('the error is told', () => runErrors(uri).length === 1, changed);
      assert.equal(runErrors(uri)[0]?.range.start.line, 5);
    });

    it('a file that cannot be written is run, and advanced in up to its end', async () => {
      const { document } = await newFile('readonly.py', '# %%\n1\n\n# %%\n"end"\n');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      chmodSync(document.uri.fsPath, 0o444);
      await vscode.workspace
        .getConfiguration('files')
        .update(
          'readonlyInclude',
          { '**/readonly.py': true },
          vscode.ConfigurationTarget.Workspace,
        );
      const editor = await openFile('readonly.py');
      editor.selection = new vscode.Selection(4, 0, 4, 0);
      assert.equal(await run('smelt.runAndAdvance'), 'ok');
      assert.equal(editor.document.getText(), '# %%\n1\n\n# %%\n"end"\n');
      assert.deepEqual(ends(editor.document.uri), ["'end'"]);
      await vscode.workspace
        .getConfiguration('files')
        .update('readonlyInclude', undefined, vscode.ConfigurationTarget.Workspace);
    });

    it('an untitled file is run like any other', async () => {
      const document = await vscode.workspace.openTextDocument({
        language: 'python',
        content: '# %%\nx = 1\n\n# %%\n1 / 0\n',
      });
      await vscode.window.showTextDocument(document);
      assert.equal(await run('smelt.runAllCells'), 'error');
      assert.match(api.inlineLines(document.uri)[1] ?? '', /^✗ line 5 ZeroDivisionError/);
      const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
      assert.equal(diagnostic?.range.start.line, 4);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });

    it('an untitled file that is saved keeps its kernel and its results', async () => {
      const uri = workspaceUri('saved at last.py');
      const untitled = await vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' }));
      const editor = await vscode.window.showTextDocument(untitled);
      const text = '# %%\nx = 41\n\n# %%\nx + 1\n\n# %%\n1 / 0\n';
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
      await vscode.languages.setTextDocumentLanguage(untitled, 'python');
      assert.equal(await run('smelt.runAllCells'), 'error');
      const before = api.inlineLines(untitled.uri);
      const pid = api.kernelPid(untitled.uri);
      await vscode.commands.executeCommand('workbench.action.files.save');
      await when(
        'the file is in front',
        () => vscode.window.activeTextEditor?.document.uri.toString() === uri.toString(),
        vscode.window.onDidChangeActiveTextEditor as vscode.Event<never>,
      );
      assert.deepEqual(api.inlineLines(uri), before);
      assert.equal(api.kernelPid(uri), pid);
      assert.equal(await run('smelt.runCell', uri, 4), 'ok', 'x is still known');
      const [error] = vscode.languages.getDiagnostics(uri);
      assert.equal(error?.range.start.line, 7);
    });

    it('two editors on one file both have the lines', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('twice.py', '# %%\n"seen twice"\n');
      await shownLens('Run on Metal');
      await vscode.commands.executeCommand('workbench.action.splitEditor');
      assert.equal(await run('smelt.runAllCells'), 'ok');
      await ask({ ask: 'waitForInline', text: 'seen twice', times: 2 });
      const lens = '.codelens-decoration:has-text("Run on Metal") >> nth=1';
      await ask({ ask: 'waitForSelector', selector: lens });
      await inEveryTheme('two-editors');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await vscode.window.showTextDocument(editor.document);
    });

    it('lines that end with CRLF are lines', async () => {
      const editor = await newFile(
        'crlf.py',
        '# %%\r\ntext = """a\r\nb"""\r\nlen(text)\r\n\r\n# %%\r\n1 / 0\r\n',
      );
      assert.equal(await run('smelt.runAllCells'), 'error');
      const [first, second] = api.inlineLines(editor.document.uri);
      assert.match(first ?? '', /· 3$/);
      assert.match(second ?? '', /^✗ line 7 ZeroDivisionError/);
    });

    it('markers inside strings, Markdown cells and jupytext headers are no cells to run', async () => {
      const editor = await newFile(
        'jupytext.py',
        '# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: percent\n# ---\n\n# %% [markdown]\n# # A title\n\n# %%\ntext = """\n# %% not a cell\n"""\nlen(text)\n\n# %% [raw]\n# raw\n\n# %% id="abc" tags=["a"]\n"the end"\n',
      );
      assert.equal(await run('smelt.runAllCells'), 'ok');
      assert.deepEqual(ends(editor.document.uri), ['17', "'the end'"]);
    });

    it('a file of 20,000 lines is run, and the editor answers', async () => {
      const cell = (i: number): string => `# %% ${i}\n${`x${i} = ${i}\n`.repeat(18)}x${i}\n`;
      const editor = await newFile(
        'thousand.py',
        Array.from({ length: 1_000 }, (_, i) => cell(i)).join(''),
      );
      editor.selection = new vscode.Selection(19_999, 0, 19_999, 0);
      assert.equal(await run('smelt.runCell'), 'ok');
      assert.equal(await run('smelt.runAllCells'), 'ok');
      assert.equal(api.inlineLines(editor.document.uri).length, 1_000);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# typed above\n'));
      assert.equal(api.inlineLines(editor.document.uri).length, 1_000);
      editor.revealRange(new vscode.Range(20_000, 0, 20_000, 0));
      await shownInline('· 999');
      await screenshot('long-file');
      await editor.document.save();
    });
  });
}
