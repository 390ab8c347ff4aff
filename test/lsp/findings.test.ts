import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic, Hover } from 'vscode-languageserver-protocol';
import { nestedLoops } from '../engine/nestedLoops.ts';
import { codesOf, ServerProcess } from './serverProcess.ts';

const uri = 'file:///project/train.py';
const selector = 'import torch\n\ndevice = "cuda" if torch.cuda.is_available() else "cpu"\n';

let server: ServerProcess;
afterEach(async () => {
  expect(await server.stop()).toBe(0);
});

const quickstart = join(import.meta.dirname, '../workspaces/quickstart');

async function actionsAt(diagnostic: Diagnostic | undefined, only?: string): Promise<CodeAction[]> {
  return server.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostic?.range,
    context: {
      diagnostics: diagnostic === undefined ? [] : [diagnostic],
      ...(only === undefined ? {} : { only: [only] }),
    },
  });
}

describe.each(['stdio', 'ipc'] as const)('over %s', (transport) => {
  test('a file that is opened gets its findings, and loses them with its faults', async () => {
    server = await ServerProcess.start({ transport });
    await server.open(uri, selector);
    const [finding, ...others] = await server.diagnostics(uri);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'MPS102',
      source: 'smelt',
      severity: 2,
      codeDescription: { href: expect.stringContaining('selector-without-mps.md') },
      range: { start: { line: 2, character: 9 } },
    });
    await server.change(uri, 2, 'import torch\n');
    expect(await server.diagnostics(uri, 2)).toEqual([]);
  });
});

test('a client that asks gets what others are sent', async () => {
  const text = readFileSync(join(quickstart, 'train_mps.py'), 'utf8');
  server = await ServerProcess.start();
  await server.open(uri, text);
  const pushed = await server.diagnostics(uri);
  await server.stop();
  server = await ServerProcess.start({ pulls: true });
  await server.open(uri, text);
  expect(await server.pull(uri)).toEqual(pushed);
  expect(pushed.length).toBeGreaterThan(5);
});

test('the command line finds the same', async () => {
  server = await ServerProcess.start();
  const cli = join(import.meta.dirname, '../../dist/cli.js');
  for (const name of ['train_mps.py', 'time_mps.py', 'bench_mlx.py']) {
    const path = join(quickstart, name);
    const fileUri = pathToFileURL(path).href;
    await server.open(fileUri, readFileSync(path, 'utf8'));
    const printed = spawnSync(process.execPath, [cli, 'check', path, '--output-format', 'json'], {
      encoding: 'utf8',
    });
    const found = (
      JSON.parse(printed.stdout) as {
        code: string;
        location: { row: number; column: number };
        message: string;
      }[]
    ).map(({ code, location, message }) => ({
      code,
      message,
      line: location.row - 1,
      character: location.column - 1,
    }));
    const shown = (await server.diagnostics(fileUri)).map(({ code, message, range }) => ({
      code,
      message,
      line: range.start.line,
      character: range.start.character,
    }));
    expect(shown).toEqual(found);
  }
});

test('deprecated names are struck through, and the other half of a finding is linked', async () => {
  server = await ServerProcess.start();
  await server.open(uri, 'import mlx.core as mx\n\nmx.metal.get_peak_memory()\n');
  const [deprecated] = await server.diagnostics(uri);
  expect(deprecated).toMatchObject({ code: 'MLX601', tags: [2] });
  await server.change(
    uri,
    2,
    'import os\nimport torch\n\nos.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"\n',
  );
  const [late] = await server.diagnostics(uri, 2);
  expect(late?.relatedInformation?.[0]).toMatchObject({
    location: { uri, range: { start: { line: 1 } } },
  });
});

test('a finding comes with its fix, a way to ignore it and its page', async () => {
  server = await ServerProcess.start();
  await server.open(uri, selector);
  const [finding] = await server.diagnostics(uri);
  const actions = await actionsAt(finding);
  expect(actions.map(({ title }) => title)).toEqual([
    'Add the mps arm',
    'Ignore MPS102 on this line',
    'Explain MPS102',
    'Fix all that Smelt can fix safely',
  ]);
  expect(actions[0]).toMatchObject({ kind: 'quickfix', isPreferred: true });
  expect(actions[2]?.command).toMatchObject({ command: 'smelt.showRule', arguments: ['MPS102'] });
  const [ignore] = Object.values(actions[1]?.edit?.changes ?? {})[0] ?? [];
  expect(ignore?.newText).toContain('# smelt: ignore[MPS102]');
});

test('source.fixAll.smelt applies every safe fix', async () => {
  server = await ServerProcess.start();
  const text = 'import mlx.core as mx\n\nmx.metal.get_peak_memory()\nmx.metal.get_cache_memory()\n';
  await server.open(uri, text);
  const found = await server.diagnostics(uri);
  expect(codesOf(found)).toEqual(['MLX601', 'MLX601']);
  const [fixAll, ...others] = await actionsAt(found[0], 'source.fixAll.smelt');
  expect(others).toEqual([]);
  expect(fixAll?.kind).toBe('source.fixAll.smelt');
  const edits = Object.values(fixAll?.edit?.changes ?? {}).flat();
  expect(edits.length).toBeGreaterThan(0);
});

test('the hover of a finding is its page, and elsewhere there is none', async () => {
  server = await ServerProcess.start();
  await server.open(uri, selector);
  await server.diagnostics(uri);
  const hoverAt = (line: number, character: number): Promise<Hover | null> =>
    server.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });
  expect(JSON.stringify(await hoverAt(2, 12))).toContain('selector-without-mps');
  expect(await hoverAt(0, 2)).toBeNull();
  const page = await server.connection.sendRequest('smelt/rulePage', { rule: 'MPS102' });
  expect(page).toContain('# selector-without-mps (MPS102)');
  expect(await server.connection.sendRequest('smelt/rulePage', { rule: 'MPS999' })).toBeNull();
});

test('settings choose the rules, also while a file is open', async () => {
  server = await ServerProcess.start({ settings: { lint: { ignore: ['MPS1'] } } });
  await server.open(uri, selector);
  expect(await server.diagnosticsWhen(uri, ({ length }) => length === 0)).toEqual([]);
  server.settings = { lint: { select: ['selector-without-mps'] } };
  await server.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  expect(codesOf(await server.diagnosticsWhen(uri, ({ length }) => length > 0))).toEqual([
    'MPS102',
  ]);
  server.settings = { lint: { enable: false } };
  await server.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  expect(await server.diagnosticsWhen(uri, ({ length }) => length === 0)).toEqual([]);
});

test('wrong settings keep the defaults, and the log says so', async () => {
  server = await ServerProcess.start({
    settings: { lint: { select: 'MPS', enable: 'yes', ignore: ['NOPE1'] } },
  });
  await server.open(uri, selector);
  expect(codesOf(await server.diagnostics(uri))).toEqual(['MPS102']);
  expect(server.log.join('\n')).toMatch(/smelt\.lint\.select/);
  expect(server.log.join('\n')).toMatch(/NOPE1/);
});

test.each([
  ['nothing', ''],
  ['broken code', 'def f(:\n  x = torch.\n ]]] """'],
  ['nulls and lone surrogates', 'x = "\0\uD800"\n'],
  ['5 MB', 'x = 1  # filler\n'.repeat(330_000)],
  ['one very long line', `x = [${'1, '.repeat(200_000)}]`],
  ['deep nesting', `x = ${'('.repeat(3_000)}1${')'.repeat(3_000)}`],
])(
  '%s loses no request',
  async (_what, text) => {
    server = await ServerProcess.start({ pulls: true });
    await server.open(uri, text);
    expect(await server.pull(uri)).toEqual([]);
    const other = 'file:///project/other.py';
    await server.open(other, selector);
    expect(codesOf(await server.pull(other))).toEqual(['MPS102']);
  },
  30_000,
);

test('many quick edits end in the findings of the last text', async () => {
  server = await ServerProcess.start();
  await server.open(uri, '');
  for (let length = 0; length <= selector.length; length += 1) {
    await server.change(uri, length + 2, selector.slice(0, length));
  }
  const found = await server.diagnostics(uri, selector.length + 2);
  expect(codesOf(found)).toEqual(['MPS102']);
});

test('the server writes nothing to the disk and starts no Python', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smelt-lsp-'));
  writeFileSync(join(folder, 'train.py'), selector);
  const before = execFileSync('ls', ['-lAR', folder], { encoding: 'utf8' });
  server = await ServerProcess.start();
  const file = pathToFileURL(join(folder, 'train.py')).href;
  await server.open(file, selector);
  await server.diagnostics(file);
  const children = spawnSync('pgrep', ['-P', String(server.process.pid)], {
    encoding: 'utf8',
  });
  expect(children.stdout.trim()).toBe('');
  expect(execFileSync('ls', ['-lAR', folder], { encoding: 'utf8' })).toBe(before);
});

test('a text that is not checked, or not to its end, says so', async () => {
  server = await ServerProcess.start();
  await server.open(uri, `${selector}${'#'.repeat(2_000_000)}\n`);
  expect(await server.diagnostics(uri)).toEqual([
    {
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      severity: 3,
      source: 'smelt',
      message:
        'Smelt has not checked this text: it is longer than 2,000,000 characters. "smelt check" reads ten times as much.',
    },
  ]);
  await server.change(uri, 2, nestedLoops);
  const [finding, limit, ...others] = await server.diagnostics(uri, 2);
  expect(finding).toMatchObject({ code: 'MPS101', range: { start: { line: 1 } } });
  expect(limit).toMatchObject({
    severity: 3,
    message: 'Smelt has checked nothing from here on: the file takes too long. Split it.',
  });
  expect(limit?.code).toBeUndefined();
  expect(limit?.range.start.line).toBeGreaterThan(10);
  expect(others).toEqual([]);
  await server.change(uri, 3, `x = 1\n${'#'.repeat(2_000_000)}\n`);
  expect(await server.diagnostics(uri, 3)).toEqual([]);
});
