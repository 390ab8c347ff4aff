import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import type { InterpretersParams } from '../../server/src/protocol/messages.ts';
import { interpretersMethod } from '../../server/src/protocol/messages.ts';
import { install, makeEnvironment, temporaryFolder } from '../files/madeEnvironment.ts';
import { ServerProcess } from './serverProcess.ts';

const compiles = 'import torch\n\nmodel = torch.compile(torch.nn.Linear(2, 2).to("mps"))\n';

let root: string;
let uri: string;
let server: ServerProcess;
beforeEach(() => {
  root = temporaryFolder();
  uri = pathToFileURL(join(root, 'src/train.py')).href;
});
afterEach(async () => {
  expect(await server.stop()).toBe(0);
  rmSync(root, { recursive: true });
});

const speaksOf = (version: string) => (found: readonly Diagnostic[]) =>
  found.some(({ message }) => String(message).includes(`torch ${version} `));
const none = (found: readonly Diagnostic[]): boolean => found.length === 0;

const tell = (interpreters: InterpretersParams['interpreters']): Promise<void> =>
  server.connection.sendNotification(interpretersMethod, { interpreters });

test('findings are about the environment of the folder, and then about the one that is chosen', async () => {
  install(makeEnvironment(join(root, '.venv')), 'torch', '2.6.0');
  install(makeEnvironment(join(root, 'other')), 'torch', '2.5.1');
  install(makeEnvironment(join(root, 'new')), 'torch', '2.8.0');
  server = await ServerProcess.start();
  await server.open(uri, compiles);
  await server.diagnosticsWhen(uri, speaksOf('2.6.0'));
  const folder = pathToFileURL(root).href;
  await tell([{ folder, path: join(root, 'other/bin/python'), chosen: true }]);
  await server.diagnosticsWhen(uri, speaksOf('2.5.1'));
  await tell([
    { folder: '', path: join(root, 'other/bin/python'), chosen: true },
    { folder, path: join(root, 'new/bin/python'), chosen: true },
  ]);
  await server.diagnosticsWhen(uri, none);
  // What was merely found first gives way to the environment of the folder.
  await tell([{ folder, path: join(root, 'new/bin/python'), chosen: false }]);
  await server.diagnosticsWhen(uri, speaksOf('2.6.0'));
});

test('packages that are installed and environments that are made while a file is open', async () => {
  server = await ServerProcess.start();
  await server.open(uri, compiles);
  expect(await server.diagnostics(uri)).toEqual([]);
  const changed = (path: string, type: number): Promise<void> =>
    server.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: pathToFileURL(path).href, type }],
    });
  const packages = makeEnvironment(join(root, '.venv'));
  const old = install(packages, 'torch', '2.6.0');
  await changed(join(root, '.venv/pyvenv.cfg'), 1);
  await server.diagnosticsWhen(uri, speaksOf('2.6.0'));
  rmSync(old, { recursive: true });
  await changed(install(packages, 'torch', '2.8.0'), 1);
  await server.diagnosticsWhen(uri, none);
  // Without a word of the client the next edit sees it.
  rmSync(join(packages, 'torch-2.8.0.dist-info'), { recursive: true });
  install(packages, 'torch', '2.6.0');
  await server.change(uri, 2, `${compiles}\n`);
  await server.diagnosticsWhen(uri, speaksOf('2.6.0'));
});

test('interpreters that do not exist, and documents that are no files', async () => {
  server = await ServerProcess.start();
  await tell([{ folder: '', path: join(root, 'gone/bin/python'), chosen: true }]);
  mkdirSync(join(root, 'src'));
  for (const each of [uri, 'untitled:Untitled-1', 'vscode-vfs://github/a/b/train.py']) {
    await server.open(each, `${compiles}y = torch.mps.memory_allocated()\n`);
    expect((await server.diagnostics(each)).map(({ code }) => code)).toEqual(['MPS110']);
  }
});
