import * as vscode from 'vscode';
import { workspaceUri } from './editor.ts';
import { openNotebook } from './openNotebook.ts';

/** A new notebook of the workspace with these code cells, for one of the kernels of this extension. */
export async function newNotebook(
  name: string,
  cells: readonly string[],
  kernel: string,
): Promise<vscode.NotebookDocument> {
  const uri = workspaceUri(name);
  const json = {
    cells: cells.map((source, i) => ({
      cell_type: 'code',
      id: `c${i}`,
      metadata: {},
      execution_count: null,
      source,
      outputs: [],
    })),
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(json)));
  return openNotebook(uri, kernel);
}
