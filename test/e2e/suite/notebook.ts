import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { config } from './config.ts';
import { codeOf, diagnosticsWhen, runErrors, smelt, when, workspaceUri } from './editor.ts';
import { newNotebook } from './newNotebook.ts';
import { openNotebook } from './openNotebook.ts';
import { ask, hasPage, inputAsks } from './page.ts';
import { textOf } from './textOf.ts';
import { inEveryTheme } from './themes.ts';

const explore = (): Promise<vscode.NotebookDocument> => openNotebook(workspaceUri('explore.ipynb'));

async function addCell(notebook: vscode.NotebookDocument, code: string): Promise<void> {
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, 'python');
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(notebook.cellCount, [cell])]);
  await vscode.workspace.applyEdit(edit);
}

async function runCell(
  notebook: vscode.NotebookDocument,
  index: number,
): Promise<vscode.NotebookCell> {
  const cell = notebook.cellAt(index);
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
  await when(
    `cell ${index} has run`,
    () => cell.executionSummary?.success !== undefined,
    vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>,
  );
  return cell;
}

/** A notebook with one cell and what the installed kernel answers to it, run by jupyter_client. */
function runUnder(kernel: string): object {
  const program = `
import json, sys, jupyter_client
manager = jupyter_client.KernelManager(kernel_name="smelt")
manager.kernel_spec_manager.kernel_dirs = [sys.argv[1]]
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
code = "import torch\\nx = torch.ones(64, 64)\\nx @ x"
outputs = []
def take(message):
    if message["msg_type"] in ("display_data", "execute_result"):
        content = message["content"]
        outputs.append({"output_type": "display_data", "data": content["data"], "metadata": {}})
client.execute_interactive(code, output_hook=take, timeout=60)
client.stop_channels()
manager.shutdown_kernel()
cell = {"cell_type": "code", "id": "a", "execution_count": 1, "metadata": {}, "source": code, "outputs": outputs}
json.dump({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, sys.stdout)
`;
  const output = execFileSync(config.python, ['-c', program, dirname(kernel)], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as object;
}

export function notebooks(): void {
  describe('notebooks', () => {
    before(() => smelt());

    it('finds what is wrong in cells, in the order in which they run', async () => {
      const notebook = await explore();
      const found = await Promise.all(
        notebook
          .getCells()
          .filter(({ document }) => /cuda|perf_counter/.test(document.getText()))
          .map(({ document }) =>
            diagnosticsWhen(document.uri, 'the cell has a finding', (all) => all.length > 0),
          ),
      );
      const codes = found.flat().map(codeOf);
      assert.ok(codes.includes('MPS102'), codes.join());
      assert.ok(codes.includes('MLX101'), codes.join());
    });

    it('runs a cell and shows device and time under it', async () => {
      const api = await smelt();
      const notebook = await explore();
      await runCell(notebook, 1);
      const cell = await runCell(notebook, 3);
      await vscode.commands.executeCommand('notebook.focusBottom');
      assert.equal(cell.executionSummary?.success, true);
      assert.ok(textOf(cell).length > 0);
      const line = await when(
        'the line is shown',
        () => api.notebookLine(cell),
        api.onDidChangeNotebookLines as vscode.Event<never>,
      );
      await when(
        'the line is kept',
        () => cell.metadata.metadata?.smelt?.line === line,
        vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>,
      );
      assert.match(line, /^✓ (cpu|mps|cuda) · /);
      const times = (): Record<string, string> | undefined => {
        const written = JSON.parse(readFileSync(notebook.uri.fsPath, 'utf8')) as {
          cells: { metadata: { execution?: Record<string, string> } }[];
        };
        return written.cells[3]?.metadata.execution;
      };
      await notebook.save();
      const saved = await when(
        'the file has the times of the run',
        times,
        vscode.workspace.onDidSaveNotebookDocument as vscode.Event<never>,
      );
      const [began, ended] = ['iopub.execute_input', 'shell.execute_reply'].map((key) =>
        Date.parse(saved[key] ?? ''),
      );
      assert.ok((began ?? Number.NaN) <= (ended ?? Number.NaN), JSON.stringify(saved));
      if (hasPage()) await ask({ ask: 'waitForText', text: line });
      if (hasPage()) await ask({ ask: 'waitForFrame', text: textOf(cell).trim() });
      await inEveryTheme('notebook');
    });

    it('shows an error as notebooks do', async () => {
      const notebook = await explore();
      await addCell(notebook, 'print("so far")\n1 / 0');
      const cell = await runCell(notebook, notebook.cellCount - 1);
      assert.equal(cell.executionSummary?.success, false);
      assert.match(textOf(cell), /so far[\s\S]*ZeroDivisionError/);
      const [diagnostic] = await when(
        'the line has the error',
        () => {
          const found = runErrors(cell.document.uri);
          return found.length > 0 && found;
        },
        vscode.languages.onDidChangeDiagnostics as vscode.Event<never>,
      );
      assert.equal(diagnostic?.range.start.line, 1);
      assert.match(diagnostic?.message ?? '', /division by zero/);
      await vscode.commands.executeCommand('workbench.action.files.save');
      const written = JSON.parse(readFileSync(notebook.uri.fsPath, 'utf8')) as {
        cells: { outputs?: { traceback?: string[] }[] }[];
      };
      const traceback = written.cells.at(-1)?.outputs?.at(-1)?.traceback?.join('\n') ?? '';
      assert.match(traceback, /^Traceback .*\n.*, line 2, in <module>\n {4}1 \/ 0\n/);
    });

    it('keeps both ends of a flood of text, and goes on', async () => {
      const notebook = await explore();
      await addCell(
        notebook,
        'print("begin")\nfor _ in range(100):\n    print("x" * 999_999)\nprint("end")',
      );
      const cell = await runCell(notebook, notebook.cellCount - 1);
      const text = textOf(cell);
      assert.ok(text.startsWith('begin\n') && text.endsWith('x\nend\n'), text.slice(-20));
      assert.match(text, /… 98,8\d\d,\d\d\d characters left out …/);
      assert.ok(text.length < 2_000_000);
      const last = new vscode.WorkspaceEdit();
      last.set(notebook.uri, [
        vscode.NotebookEdit.deleteCells(
          new vscode.NotebookRange(notebook.cellCount - 1, notebook.cellCount),
        ),
      ]);
      await vscode.workspace.applyEdit(last);
      await vscode.commands.executeCommand('workbench.action.files.save');
    });

    it('stops one cell that waits, and runs the others', async () => {
      const uri = workspaceUri('waiting.ipynb');
      const signal = 'first-may-end';
      const code = [
        `import os, time\nwhile not os.path.exists("${signal}"): time.sleep(0.05)`,
        '"stopped"',
        '"runs"',
      ];
      const cells = code.map((source) => ({
        cell_type: 'code',
        metadata: {},
        execution_count: null,
        source,
        outputs: [],
      }));
      const json = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 });
      await vscode.workspace.fs.writeFile(uri, Buffer.from(json));
      const notebook = await openNotebook(workspaceUri('waiting.ipynb'));
      const changed = vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>;
      void vscode.commands.executeCommand('notebook.execute', uri);
      await when(
        'the first cell runs',
        () => notebook.cellAt(0).executionSummary?.executionOrder !== undefined,
        changed,
      );
      await vscode.commands.executeCommand('notebook.cell.cancelExecution', {
        ranges: [{ start: 1, end: 2 }],
        document: uri,
      });
      await vscode.workspace.fs.writeFile(workspaceUri(signal), new Uint8Array());
      await when(
        'the last cell has run',
        () => notebook.cellAt(2).executionSummary?.success === true,
        changed,
      );
      assert.equal(notebook.cellAt(0).executionSummary?.success, true);
      assert.deepEqual(notebook.cellAt(1).outputs, []);
      assert.equal(notebook.cellAt(1).executionSummary?.executionOrder, undefined);
      await notebook.save();
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('installs a Jupyter kernel, and draws what it says', async () => {
      const prefix = workspaceUri('jupyter-prefix').fsPath;
      const folder = await vscode.commands.executeCommand<string>(
        'smelt.installJupyterKernel',
        prefix,
      );
      const spec = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as {
        env: Record<string, string>;
      };
      assert.deepEqual(spec.env, { PYTORCH_ENABLE_MPS_FALLBACK: '1' });
      const shown = runUnder(folder);
      const uri = workspaceUri('reported.ipynb');
      await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(shown)));
      await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
      await vscode.commands.executeCommand('notebook.focusTop');
      if (hasPage()) {
        await ask({ ask: 'waitForFrame', text: '✓ cpu' });
        // The outputs of a notebook are one frame: when the last is there, all are drawn.
        await ask({ ask: 'waitForFrame', text: 'tensor(' });
      }
      await inEveryTheme('jupyter-report');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      assert.equal(
        await vscode.commands.executeCommand('smelt.uninstallJupyterKernel', prefix),
        folder,
      );
      assert.ok(!existsSync(folder));
    });

    it('that are renamed keep their kernel', async () => {
      const api = await smelt();
      const notebook = await newNotebook('before.ipynb', ['"here"'], 'smelt.metal');
      await runCell(notebook, 0);
      const pid = api.kernelPid(notebook.uri);
      assert.ok(pid !== undefined);
      const renamed = workspaceUri('renamed.ipynb');
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(notebook.uri, renamed);
      assert.ok(await vscode.workspace.applyEdit(edit));
      const again = await openNotebook(workspaceUri('renamed.ipynb'));
      assert.equal(api.kernelPid(again.uri), pid);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('that are renamed while cells run show under the new name what comes of them', async () => {
      const api = await smelt();
      const waiting =
        'import os, time\nprint("begin")\nwhile not os.path.exists("it-is-renamed"):\n    time.sleep(0.05)\nprint("end")';
      const notebook = await newNotebook(
        'running.ipynb',
        [waiting, '"after it"', '1 / 0'],
        'smelt.metal',
      );
      const changed = vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>;
      void vscode.commands.executeCommand('notebook.cell.execute', {
        ranges: [{ start: 0, end: 3 }],
        document: notebook.uri,
      });
      await when('it runs', () => textOf(notebook.cellAt(0)).includes('begin'), changed);
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(notebook.uri, workspaceUri('renamed while it ran.ipynb'));
      assert.ok(await vscode.workspace.applyEdit(edit));
      const again = await vscode.workspace.openNotebookDocument(
        workspaceUri('renamed while it ran.ipynb'),
      );
      await vscode.window.showNotebookDocument(again);
      await when('it goes on', () => textOf(again.cellAt(0)).includes('begin'), changed);
      await vscode.workspace.fs.writeFile(workspaceUri('it-is-renamed'), new Uint8Array());
      const [, second, third] = again.getCells();
      assert.ok(second !== undefined && third !== undefined);
      const text = ['begin\nend\n', "'after it'", 'ZeroDivisionError'];
      await when(
        'all have ended',
        () =>
          again
            .getCells()
            .every(
              (cell, i) =>
                cell.executionSummary?.success !== undefined &&
                textOf(cell).includes(text[i] ?? ''),
            ),
        changed,
      );
      assert.deepEqual(
        again.getCells().map((cell) => cell.executionSummary?.success),
        [true, true, false],
      );
      await when(
        'it has its line',
        () => api.notebookLine(second)?.endsWith("'after it'"),
        api.onDidChangeNotebookLines as vscode.Event<never>,
      );
      await when(
        'the error is told',
        () => vscode.languages.getDiagnostics(third.document.uri).length > 0,
        vscode.languages.onDidChangeDiagnostics as vscode.Event<never>,
      );
      await vscode.commands.executeCommand('workbench.action.files.save');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('that are saved for the first time keep their kernel', async function () {
      if (!hasPage()) this.skip();
      const api = await smelt();
      const uri = workspaceUri('saved at last.ipynb');
      const untitled = await openNotebook(uri.with({ scheme: 'untitled' }));
      await addCell(untitled, 'x = 41');
      await runCell(untitled, untitled.cellCount - 1);
      const pid = api.kernelPid(untitled.uri);
      assert.ok(pid !== undefined && untitled.isUntitled);
      const saved = vscode.commands.executeCommand('workbench.action.files.save');
      await inputAsks('Save As');
      // The name is there, and what is in its folder.
      await ask({ ask: 'waitForText', text: 'explore.ipynb', within: '.quick-input-list' });
      const selector = '.quick-input-widget .monaco-button:has-text("OK")';
      await ask({ ask: 'click', selector });
      await saved;
      await when(
        'it is another notebook',
        () => untitled.isClosed,
        vscode.workspace.onDidCloseNotebookDocument as vscode.Event<never>,
      );
      assert.equal(api.kernelPid(uri), pid);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('opens a notebook without cells', async () => {
      const uri = workspaceUri('empty.ipynb');
      await vscode.workspace.fs.writeFile(
        uri,
        Buffer.from('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
      );
      const notebook = await vscode.workspace.openNotebookDocument(uri);
      await vscode.window.showNotebookDocument(notebook);
      assert.equal(notebook.cellCount, 0);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
  });
}
