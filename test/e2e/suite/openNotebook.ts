import * as vscode from 'vscode';

/** Shows a notebook with one of the kernels of this extension. */
export async function openNotebook(
  uri: vscode.Uri,
  kernel = 'smelt.metal',
  options: vscode.NotebookDocumentShowOptions = {},
): Promise<vscode.NotebookDocument> {
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  const notebookEditor = await vscode.window.showNotebookDocument(notebook, options);
  await vscode.commands.executeCommand('notebook.selectKernel', {
    notebookEditor,
    id: kernel,
    extension: 'smelt.smelt',
  });
  return notebook;
}
