import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { install, makeEnvironment } from '../files/madeEnvironment.ts';
import { codesOf, ServerProcess } from '../lsp/serverProcess.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const selector = 'import torch\n\ndevice = "cuda" if torch.cuda.is_available() else "cpu"\n';
const deprecated = 'import mlx.core as mx\n\nmx.metal.get_peak_memory()\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smelt-cli-'));
});

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function smelt(...args: readonly string[]): Done {
  const done = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const json = (...args: readonly string[]): Record<string, unknown>[] =>
  JSON.parse(smelt('check', '--output-format', 'json', ...args).stdout) as Record<
    string,
    unknown
  >[];

describe('smelt check', () => {
  test('ends with 0, 1 or 2: nothing, findings, an error', () => {
    write('clean.py', 'import torch\n');
    write('device.py', selector);
    expect(smelt('check', 'clean.py').code).toBe(0);
    expect(smelt('check', 'device.py').code).toBe(1);
    const missing = smelt('check', 'no-such-file.py');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^smelt: .*no-such-file\.py/);
    expect(missing.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('speaks of the torch that is installed in the environment of the folder', () => {
    write('train.py', 'import torch\n\nm = torch.compile(torch.nn.Linear(2, 2).to("mps"))\n');
    expect(json('train.py')).toEqual([]);
    install(makeEnvironment(join(folder, '.venv')), 'torch', '2.6.0');
    expect(json('train.py')).toMatchObject([
      { code: 'MPS605', message: expect.stringContaining('torch 2.6.0 cannot compile') },
    ]);
  });

  test('shows the line, the finding and its fix', () => {
    write('device.py', selector);
    const { stdout } = smelt('check', 'device.py');
    expect(stdout).toContain('MPS102 Picks the CPU on Apple Silicon');
    expect(stdout).toContain('--> device.py:3:10');
    expect(stdout).toContain('help: Add the mps arm');
    expect(stdout).toMatch(/Found 1 finding/);
    expect(stdout).not.toContain('\u001b[');
    expect(smelt('check', 'device.py').stdout).toBe(stdout);
  });

  test('json has the shape of ruff, with name and severity', () => {
    const path = write('old.py', deprecated);
    expect(json('old.py')).toEqual([
      expect.objectContaining({
        filename: path,
        code: 'MLX601',
        name: 'mlx-deprecated-metal-api',
        severity: 'warning',
        message: expect.stringContaining('Deprecated'),
        location: { row: 3, column: 1 },
        end_location: { row: 3, column: 25 },
        url: expect.stringMatching(/mlx-deprecated-metal-api\.md$/),
        fix: {
          applicability: 'safe',
          message: 'Drop .metal',
          edits: [
            {
              content: expect.any(String),
              location: { row: 3, column: expect.any(Number) },
              end_location: { row: 3, column: expect.any(Number) },
            },
          ],
        },
      }),
    ]);
  });

  test('--fix changes what is safe and keeps the rest', () => {
    const path = write('both.py', `${deprecated}import torch\nx = torch.zeros(3, device="cuda")\n`);
    const { code, stdout, stderr } = smelt('check', '--fix', 'both.py');
    expect(code).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(
      `${deprecated.replace('mx.metal.', 'mx.')}import torch\nx = torch.zeros(3, device="cuda")\n`,
    );
    expect(stdout).toContain('MPS101');
    expect(stdout + stderr).toMatch(/1 fixed|[Ff]ixed 1/);
  });

  test('--fix keeps byte order mark, line ends and what it does not touch', () => {
    const windows = `\uFEFF${deprecated.replaceAll('\n', '\r\n')}# ü\r\n`;
    const path = write('windows.py', windows);
    expect(smelt('check', '--fix', 'windows.py').code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(windows.replace('mx.metal.', 'mx.'));
  });

  test('--select and --ignore choose rules, and unknown ones are an error', () => {
    write('both.py', deprecated + selector);
    expect(json('--select', 'MPS', 'both.py').map(({ code }) => code)).toEqual(['MPS102']);
    expect(json('--ignore', 'selector-without-mps', 'both.py').map(({ code }) => code)).toEqual([
      'MLX601',
    ]);
    const unknown = smelt('check', '--select', 'XYZ9', 'both.py');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('XYZ9');
  });

  test('comments suppress findings', () => {
    write('a.py', selector.replace('"cpu"\n', '"cpu"  # smelt: ignore[MPS102] no GPU wanted\n'));
    write('b.py', selector.replace('"cpu"\n', '"cpu"  # noqa: MPS102\n'));
    expect(smelt('check', 'a.py', 'b.py').code).toBe(0);
  });

  test('folders are walked, environments and hidden folders are not', () => {
    write('package/device.py', selector);
    write('.venv/lib/device.py', selector);
    write('.git/device.py', selector);
    write('node_modules/device.py', selector);
    write('notes.txt', selector);
    expect(json('.').map(({ filename }) => filename)).toEqual([join(folder, 'package/device.py')]);
  });

  test('a notebook is one program, and its findings name their cell', () => {
    const cell = (source: string): object => ({
      cell_type: 'code',
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    });
    write(
      'a.ipynb',
      JSON.stringify({
        cells: [cell('import torch'), cell('torch.ones(1, device="cuda")')],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      }),
    );
    expect(json('a.ipynb')).toEqual([expect.objectContaining({ code: 'MPS101', cell: 2 })]);
  });

  test.each<[string, string, string | Buffer, number]>([
    ['an empty file', 'x.py', '', 0],
    ['broken syntax', 'x.py', 'def f(:\n ]] """', 0],
    [
      'Latin-1 that says so',
      'x.py',
      Buffer.from(
        '# coding: latin-1\nimport torch  # caf\xe9\ntorch.ones(1, device="cuda")\n',
        'latin1',
      ),
      1,
    ],
    [
      'a notebook without cells',
      'x.ipynb',
      '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
      0,
    ],
    ['5 MB', 'x.py', 'x = 1  # filler\n'.repeat(330_000), 0],
    ['1 MB that imports torch', 'x.py', `import torch\n${'x = 1  # filler\n'.repeat(66_000)}`, 0],
  ])('%s is no error', (_what, name, content, code) => {
    write(name, content);
    const done = smelt('check', name);
    expect({ code: done.code, stderr: done.stderr.includes('internal error') }).toEqual({
      code,
      stderr: false,
    });
  });

  test.each<[string, string, string | Buffer]>([
    ['bytes that are no text', 'x.py', Buffer.from([0x78, 0xff, 0xfe, 0x00, 0x0a])],
    ['a notebook that is no JSON', 'x.ipynb', '{"cells": ['],
  ])('%s is an error of that file, and the others are checked', (_what, name, content) => {
    write(name, content);
    write('z.py', selector);
    const done = smelt('check', name, 'z.py');
    expect(done.stderr).toContain(name);
    expect(done.stderr).not.toContain('internal error');
    expect(done.stdout).toContain('MPS102');
    expect(done.code).toBe(2);
  });
});

describe('other verbs', () => {
  test('smelt rule prints the page of a code or a name', () => {
    expect(smelt('rule', 'MPS201').stdout).toContain('# float64-to-mps (MPS201)');
    expect(smelt('rule', 'float64-to-mps').stdout).toBe(smelt('rule', 'MPS201').stdout);
    const unknown = smelt('rule', 'MPS999');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('MPS999');
  });

  test('without a verb, or with a wrong one, it says what there is', () => {
    expect(smelt()).toMatchObject({ code: 2, stdout: expect.stringContaining('usage: smelt') });
    expect(smelt('chekc')).toMatchObject({ code: 2, stderr: expect.stringContaining('check') });
    expect(smelt('check', '--help')).toMatchObject({ code: 0 });
  });

  test('smelt server is the language server', async () => {
    const server = await ServerProcess.start({ program: [cli, 'server', '--stdio'] });
    await server.open('file:///project/device.py', selector);
    expect(codesOf(await server.diagnostics('file:///project/device.py'))).toEqual(['MPS102']);
    expect(await server.stop()).toBe(0);
    expect(smelt('server')).toMatchObject({ code: 2, stderr: expect.stringContaining('--stdio') });
  });
});
