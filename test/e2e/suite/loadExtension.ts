import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { smelt, when } from './editor.ts';
import { Ipykernel } from './ipykernel.ts';
import { newNotebook } from './newNotebook.ts';
import { ask, hasPage } from './page.ts';
import { inEveryTheme } from './themes.ts';

const mime = 'application/vnd.smelt.report+json';

const cells = ['import torch', '%load_ext smelt_runtime', 'x = torch.ones(64, 64)\nx @ x'];

/** In kernels of others, which are running already. */
export function loadExtension(): void {
  describe('%load_ext smelt_runtime', () => {
    let kernel: Ipykernel;
    before(async () => {
      await smelt();
      kernel = new Ipykernel();
    });
    after(() => kernel.dispose());

    it('has the cells after it say their device and time, in a kernel that is not ours', async () => {
      const notebook = await newNotebook('loaded.ipynb', cells, Ipykernel.id);
      await vscode.commands.executeCommand('notebook.execute', notebook.uri);
      const [before, load, after] = notebook.getCells() as [
        vscode.NotebookCell,
        vscode.NotebookCell,
        vscode.NotebookCell,
      ];
      await when(
        'all have run',
        () => after.executionSummary?.success === true,
        vscode.workspace.onDidChangeNotebookDocument as vscode.Event<never>,
      );
      assert.deepEqual([...before.outputs, ...load.outputs], []);
      const item = after.outputs.flatMap(({ items }) => items).find((each) => each.mime === mime);
      const report = JSON.parse(new TextDecoder().decode(item?.data)) as Record<string, unknown>;
      assert.equal(report.device, 'cpu');
      if (hasPage()) {
        await ask({ ask: 'waitForFrame', text: 'tensor(' });
        await ask({ ask: 'clickFrame', text: '✓ cpu' });
        await ask({ ask: 'waitForFrame', text: 'Until the code returned' });
      }
      await inEveryTheme('load-extension');
      await vscode.commands.executeCommand('workbench.action.files.save');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
  });
}
