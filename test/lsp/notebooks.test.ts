import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codesOf, ServerProcess } from './serverProcess.ts';

const notebook = 'file:///project/notebook.ipynb';
const cellUri = (index: number): string =>
  `vscode-notebook-cell:/project/notebook.ipynb#cell${index}`;

let server: ServerProcess;
beforeEach(async () => {
  server = await ServerProcess.start({ pulls: true });
});
afterEach(() => server.stop());

interface Cell {
  readonly kind?: 1 | 2;
  readonly text: string;
}

/** Opens a notebook; as VS Code does, only its Python cells have texts. */
async function openNotebook(cells: readonly Cell[]): Promise<void> {
  const all = cells.map((cell, index) => ({
    kind: cell.kind ?? 2,
    document: cellUri(index),
    text: cell.text,
  }));
  await server.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: notebook,
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: all.filter(({ kind }) => kind === 2).map(({ kind, document }) => ({ kind, document })),
    },
    cellTextDocuments: all
      .filter(({ kind }) => kind === 2)
      .map(({ document, text }) => ({ uri: document, languageId: 'python', version: 1, text })),
  });
}

test('cells run in their order: imports of the first hold in the last', async () => {
  await openNotebook([
    { text: 'import torch' },
    { kind: 1, text: '# Markdown' },
    { text: 'x = torch.ones(3, device="cuda")' },
  ]);
  expect(await server.diagnostics(cellUri(0))).toEqual([]);
  const [finding, ...others] = await server.diagnostics(cellUri(2));
  expect(others).toEqual([]);
  expect(finding?.code).toBe('MPS101');
  expect(finding?.range.start.line).toBe(0);
});

test('the notebook of the quickstart has the findings that the command line prints', async () => {
  const file = join(import.meta.dirname, '../workspaces/quickstart/explore.ipynb');
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
    cells: { cell_type: string; source: string[] }[];
  };
  await openNotebook(
    cells.map(({ cell_type, source }) => ({
      kind: cell_type === 'code' ? 2 : 1,
      text: source.join(''),
    })),
  );
  expect(codesOf(await server.diagnostics(cellUri(3)))).toEqual(['MPS102']);
  expect(codesOf(await server.diagnostics(cellUri(5)))).toEqual(['MLX101']);
});

test('a cell put before another changes what that means, and takes it back when it goes', async () => {
  await openNotebook([{ text: 'x = torch.ones(3, device="cuda")' }]);
  expect(await server.diagnostics(cellUri(0))).toEqual([]);
  const change = (structure: unknown): Promise<void> =>
    server.connection.sendNotification('notebookDocument/didChange', {
      notebookDocument: { uri: notebook, version: 2 },
      change: { cells: { structure } },
    });
  const uri = cellUri(7);
  await change({
    array: { start: 0, deleteCount: 0, cells: [{ kind: 2, document: uri }] },
    didOpen: [{ uri, languageId: 'python', version: 1, text: 'import torch' }],
  });
  const found = await server.diagnosticsWhen(cellUri(0), ({ length }) => length > 0);
  expect(codesOf(found)).toEqual(['MPS101']);
  await change({ array: { start: 0, deleteCount: 1 }, didClose: [{ uri }] });
  expect(await server.diagnosticsWhen(cellUri(0), ({ length }) => length === 0)).toEqual([]);
});

test('a client that asks for diagnostics gets those of a notebook once', async () => {
  await openNotebook([{ text: 'import torch\ntorch.ones(3, device="cuda")' }]);
  expect(codesOf(await server.diagnostics(cellUri(0)))).toEqual(['MPS101']);
  expect(await server.pull(cellUri(0))).toEqual([]);
});

test('a notebook without cells is opened and closed', async () => {
  await openNotebook([]);
  await server.connection.sendNotification('notebookDocument/didClose', {
    notebookDocument: { uri: notebook },
    cellTextDocuments: [],
  });
  expect(await server.pull(cellUri(0))).toEqual([]);
});

test('a fix in one cell edits that cell', async () => {
  await openNotebook([
    { text: 'import torch' },
    { text: 'device = "cuda" if torch.cuda.is_available() else "cpu"' },
  ]);
  const [diagnostic] = await server.diagnostics(cellUri(1));
  const actions = await server.connection.sendRequest<{ title: string; edit: unknown }[]>(
    'textDocument/codeAction',
    {
      textDocument: { uri: cellUri(1) },
      range: diagnostic?.range,
      context: { diagnostics: [diagnostic] },
    },
  );
  const fix = actions.find(({ title }) => title === 'Add the mps arm');
  expect(JSON.stringify(fix?.edit)).toContain(cellUri(1));
  expect(JSON.stringify(fix?.edit)).not.toContain(cellUri(0));
});
