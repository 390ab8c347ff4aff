import type * as vscode from 'vscode';

/** All that a cell of a notebook has put out, errors as JSON. */
export const textOf = (cell: vscode.NotebookCell): string =>
  cell.outputs
    .flatMap(({ items }) => items)
    .map(({ data }) => new TextDecoder().decode(data))
    .join('');
