import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import { codesOf, ServerProcess } from './serverProcess.ts';

let root: string;
let server: ServerProcess;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smelt-imports-'));
});
afterEach(async () => {
  expect(await server.stop()).toBe(0);
  rmSync(root, { recursive: true });
});

const uriOf = (name: string): string => pathToFileURL(join(root, name)).href;
const train =
  'import torch\nfrom utils import DEVICE\n\nx = torch.zeros(2, dtype=torch.float64).to(DEVICE)\n';
const cpu = 'DEVICE = "cpu"\n';
const mps = 'DEVICE = "mps"\n';
const has = (code: string) => (found: readonly Diagnostic[]) =>
  found.some((diagnostic) => diagnostic.code === code);
const none = (found: readonly Diagnostic[]): boolean => found.length === 0;

test('an unsaved edit of a module changes the findings of the file that imports it', async () => {
  writeFileSync(join(root, 'utils.py'), cpu);
  server = await ServerProcess.start();
  await server.open(uriOf('train.py'), train);
  expect(await server.diagnostics(uriOf('train.py'))).toEqual([]);
  await server.open(uriOf('utils.py'), cpu);
  await server.change(uriOf('utils.py'), 2, mps);
  expect(codesOf(await server.diagnosticsWhen(uriOf('train.py'), has('MPS201')))).toEqual([
    'MPS201',
  ]);
  // Closed without saving: the disk counts again.
  await server.connection.sendNotification('textDocument/didClose', {
    textDocument: { uri: uriOf('utils.py') },
  });
  await server.diagnosticsWhen(uriOf('train.py'), none);
});

test('files that are created and deleted are noticed', async () => {
  server = await ServerProcess.start();
  await server.open(uriOf('train.py'), train);
  expect(await server.diagnostics(uriOf('train.py'))).toEqual([]);
  writeFileSync(join(root, 'utils.py'), mps);
  const changed = (type: number): Promise<void> =>
    server.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf('utils.py'), type }],
    });
  await changed(1);
  await server.diagnosticsWhen(uriOf('train.py'), has('MPS201'));
  rmSync(join(root, 'utils.py'));
  await changed(3);
  await server.diagnosticsWhen(uriOf('train.py'), none);
});

test('a client that pulls is asked to pull again', async () => {
  server = await ServerProcess.start({ pulls: true });
  expect(server.initialized.capabilities.diagnosticProvider).toMatchObject({
    interFileDependencies: true,
  });
  await server.open(uriOf('utils.py'), cpu);
  writeFileSync(join(root, 'utils.py'), cpu);
  await server.open(uriOf('train.py'), train);
  expect(await server.pull(uriOf('train.py'))).toEqual([]);
  const asked = server.nextRefresh();
  await server.change(uriOf('utils.py'), 2, mps);
  await asked;
  expect(codesOf(await server.pull(uriOf('train.py')))).toEqual(['MPS201']);
});

test('a file that nothing imports asks nobody to pull again', async () => {
  server = await ServerProcess.start({ pulls: true });
  await server.open(uriOf('train.py'), train);
  await server.pull(uriOf('train.py'));
  let asked = false;
  void server.nextRefresh().then(() => {
    asked = true;
  });
  const changed = (name: string): Promise<void> => {
    writeFileSync(join(root, name), mps);
    return server.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf(name), type: 1 }],
    });
  };
  await changed('unrelated.py');
  await server.pull(uriOf('train.py'));
  expect(asked).toBe(false);
  await changed('utils.py');
  await server.pull(uriOf('train.py'));
  expect(asked).toBe(true);
});
