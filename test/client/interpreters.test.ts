import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pythonCommand } from '../../client/src/kernel/kernelLaunch.ts';
import { startFailure } from '../../client/src/kernel/launchFailure.ts';
import type { Probe } from '../../client/src/kernel/messages.gen.ts';
import type { Machine } from '../../client/src/python/architecture.ts';
import { architectureProblem, nativeStart } from '../../client/src/python/architecture.ts';
import { interpreterPath } from '../../client/src/python/interpreterPath.ts';
import { findInterpreters } from '../../client/src/python/interpreters.ts';
import { deviceText } from '../../client/src/views/deviceText.ts';
import type { Architecture } from '../../server/src/binaries/machO.ts';
import { architecturesOf } from '../../server/src/binaries/machO.ts';

// Built from <mach-o/loader.h> and <mach-o/fat.h>: there is no Mac here to take a real one from.
const thin = (cpu: number): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(32));
  bytes.setUint32(0, 0xfeedfacf, true);
  bytes.setUint32(4, cpu, true);
  return new Uint8Array(bytes.buffer);
};
const universal = (magic: number, size: number, cpus: readonly number[]): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(8 + cpus.length * size));
  bytes.setUint32(0, magic, false);
  bytes.setUint32(4, cpus.length, false);
  cpus.forEach((cpu, i) => {
    bytes.setUint32(8 + i * size, cpu, false);
  });
  return new Uint8Array(bytes.buffer);
};
const x86 = 0x01000007;
const arm = 0x0100000c;

describe('Mach-O headers', () => {
  test('thin and universal programs name their architectures', () => {
    expect(architecturesOf(thin(arm))).toEqual(['arm64']);
    expect(architecturesOf(thin(x86))).toEqual(['x86_64']);
    expect(architecturesOf(universal(0xcafebabe, 20, [x86, arm]))).toEqual(['x86_64', 'arm64']);
    expect(architecturesOf(universal(0xcafebabf, 32, [arm]))).toEqual(['arm64']);
    expect(architecturesOf(thin(7))).toEqual(['other']);
  });

  test('other files have none', () => {
    const javaClass = Uint8Array.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61, 0, 0, 0, 0]);
    expect(architecturesOf(javaClass)).toBeNull();
    expect(architecturesOf(Buffer.from('#!/bin/sh\n'))).toBeNull();
    expect(architecturesOf(new Uint8Array())).toBeNull();
    expect(architecturesOf(universal(0xcafebabe, 20, [x86, arm]).subarray(0, 20))).toBeNull();
  });
});

const m3: Machine = { platform: 'darwin', arch: 'arm64', processor: 'Apple M3 Max' };
const underRosetta: Machine = { platform: 'darwin', arch: 'x64', processor: 'Apple M3 Max' };
const intelMac: Machine = { platform: 'darwin', arch: 'x64', processor: 'Intel(R) Core(TM) i9' };
const linux: Machine = { platform: 'linux', arch: 'x64', processor: 'AMD EPYC' };

test('a setting may name an interpreter in all the ways that people write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smelt-setting-'));
  mkdirSync(join(folder, '.venv/bin'), { recursive: true });
  const python = join(folder, '.venv/bin/python');
  for (const written of [
    python,
    '.venv/bin/python',
    './.venv',
    '.venv',
    '${workspaceFolder}/.venv/bin/python',
    join(folder, '.venv'),
  ])
    expect(interpreterPath(written, folder, '/home/ada'), written).toBe(python);
  expect(interpreterPath('~/envs/a/bin/python', folder, '/home/ada')).toBe(
    '/home/ada/envs/a/bin/python',
  );
  expect(interpreterPath('python3', folder, '/home/ada')).toBe('python3');
  expect(interpreterPath('/opt/python', undefined, '/home/ada')).toBe('/opt/python');
});

test('an Intel Python is a problem on Apple Silicon only', () => {
  const python = (...architectures: Architecture[]) => ({ path: '/opt/python', architectures });
  expect(architectureProblem(python('x86_64'), m3)).toMatch(
    /^\/opt\/python is an Intel \(x86-64\) Python/,
  );
  expect(architectureProblem(python('x86_64'), underRosetta)).not.toBeNull();
  expect(architectureProblem(python('x86_64', 'arm64'), m3)).toBeNull();
  expect(architectureProblem(python('x86_64'), intelMac)).toBeNull();
  expect(architectureProblem({ path: '/opt/python', architectures: null }, m3)).toBeNull();
});

test('a universal Python starts as arm64, also from a program under Rosetta', () => {
  const command = (machine: Machine, ...architectures: Architecture[]) =>
    pythonCommand(
      { interpreter: '/opt/python', start: nativeStart({ architectures }, machine) },
      'probe',
    );
  const plain = ['/opt/python', '-m', 'smelt_runtime', 'probe'];
  expect(command(underRosetta, 'x86_64', 'arm64')).toEqual(['/usr/bin/arch', '-arm64', ...plain]);
  expect(command(m3, 'x86_64', 'arm64')).toEqual(['/usr/bin/arch', '-arm64', ...plain]);
  expect(command(m3, 'arm64')).toEqual(plain);
  expect(command(intelMac, 'x86_64', 'arm64')).toEqual(plain);
});

test('interpreters are found from the most to the least likely wanted, each once', () => {
  const root = mkdtempSync(join(tmpdir(), 'smelt-interpreters-'));
  const system = join(root, 'system');
  mkdirSync(system, { recursive: true });
  writeFileSync(join(system, 'python3'), '#!/bin/sh\n');
  symlinkSync(join(system, 'python3'), join(system, 'python'));
  const environment = join(root, 'project', '.venv');
  mkdirSync(join(environment, 'bin'), { recursive: true });
  writeFileSync(join(environment, 'pyvenv.cfg'), '');
  symlinkSync(join(system, 'python3'), join(environment, 'bin', 'python'));
  const found = [
    ...findInterpreters({
      folders: [join(root, 'project')],
      environment: { VIRTUAL_ENV: environment, PATH: [join(root, 'no'), system].join(delimiter) },
      platform: 'linux',
      home: root,
    }),
  ].filter(({ path }) => path.startsWith(root));
  expect(found.map(({ path, origin }) => [path.slice(root.length + 1), origin])).toEqual([
    ['project/.venv/bin/python', '.venv of this folder'],
    ['system/python3', 'PATH'],
  ]);
});

test('uv, pyenv, conda and Miniforge are looked for where they put their Pythons', () => {
  const home = mkdtempSync(join(tmpdir(), 'smelt-home-'));
  const python = (folder: string): string => {
    mkdirSync(join(home, folder, 'bin'), { recursive: true });
    const path = join(home, folder, 'bin', 'python');
    writeFileSync(path, '#!/bin/sh\n');
    return path;
  };
  const expected = [
    [python('active'), 'active conda environment'],
    [python('.local/share/uv/python/cpython-3.12.4-macos-aarch64-none'), 'uv'],
    [python('.pyenv/versions/3.11.9'), 'pyenv'],
    [python('miniforge3'), 'miniforge3'],
    [python('miniforge3/envs/metal'), 'conda environment metal'],
  ];
  const found = findInterpreters({
    folders: [],
    environment: { CONDA_PREFIX: join(home, 'active') },
    platform: 'linux',
    home,
  });
  const own = [...found].filter(({ path }) => path.startsWith(home));
  expect(own.map(({ path, origin }) => [path, origin])).toEqual(expected);
});

describe('an interpreter that does not start', () => {
  test.each([
    [{ code: null, signal: null, spawnError: 'ENOENT' }, '', '/x/python does not exist.'],
    [{ code: null, signal: null, spawnError: 'EACCES' }, '', '/x/python may not be executed.'],
    [
      { code: null, signal: null, spawnError: 'Unknown system error -86' },
      '',
      '/x/python is an Intel (x86-64) program, and Rosetta is not installed.',
    ],
    [
      { code: 3, signal: null },
      'Smelt needs Python 3.10 or newer, and /x/python is 3.9.\n',
      'Smelt needs Python 3.10 or newer, and /x/python is 3.9.',
    ],
    [
      { code: 1, signal: null },
      'Traceback…\nImportError: no\n',
      '/x/python ended before it was ready (exit code 1): ImportError: no',
    ],
    [
      { code: null, signal: 'SIGILL' },
      '',
      '/x/python ended before it was ready (SIGILL): It printed nothing.',
    ],
  ])('%o', (exit, output, message) => {
    expect(startFailure('/x/python', exit, output).message).toBe(message);
  });
});

describe('the status bar', () => {
  const probe: Probe = {
    type: 'probe',
    python: '3.12.4',
    executable: '/x/python',
    system: 'Darwin',
    os_version: '15.2',
    arch: 'arm64',
    translated: false,
    chip: 'Apple M3 Max',
    cores: 16,
    gpu_cores: 40,
    memory: 128e9,
    versions: { torch: '2.13.0' },
    devices: [{ framework: 'torch', device: 'cpu', name: '', memory: null }],
    torch_mps_built: true,
    torch_mps_available: true,
    mlx_metal_available: null,
    variables: {},
    errors: [],
  };
  const gpu = { framework: 'mlx', device: 'gpu', name: 'Apple M3 Max', memory: null } as const;

  test.each<[string, Partial<Probe>, Machine, string, boolean]>([
    ['MPS works', {}, m3, 'MPS', false],
    ['Rosetta', { translated: true, arch: 'x86_64', torch_mps_available: false }, m3, 'x86', true],
    [
      'an Intel build',
      { arch: 'x86_64', torch_mps_built: false, torch_mps_available: false },
      m3,
      'x86',
      true,
    ],
    [
      'a build without MPS',
      { torch_mps_built: false, torch_mps_available: false },
      m3,
      'no MPS',
      true,
    ],
    ['MPS that is not available', { torch_mps_available: false }, m3, 'no MPS', true],
    [
      'MLX alone',
      {
        torch_mps_built: null,
        torch_mps_available: null,
        versions: { mlx: '0.32' },
        devices: [gpu],
      },
      m3,
      'MLX',
      false,
    ],
    [
      'nothing installed',
      { torch_mps_built: null, torch_mps_available: null, versions: {}, devices: [] },
      m3,
      'CPU',
      false,
    ],
    [
      'torch that is broken',
      { torch_mps_built: null, torch_mps_available: null, errors: ['torch cannot be imported: x'] },
      linux,
      'CPU',
      true,
    ],
    [
      'Linux',
      { torch_mps_built: false, torch_mps_available: false, arch: 'x86_64' },
      linux,
      'CPU',
      false,
    ],
  ])('%s', (_what, change, machine, label, warning) => {
    const text = deviceText({ ...probe, ...change }, machine);
    expect({ label: text.label, warning: text.warning }).toEqual({ label, warning });
    expect(text.verdict).toMatch(/^\S.*\.?$/);
  });
});

test('a Python that is too old says so in one line', () => {
  const old = spawnSync(
    'python3',
    [
      '-c',
      'import sys; sys.version_info = (3, 9, 1); sys.argv = ["x", "kernel"]; import runpy; runpy.run_module("smelt_runtime", run_name="__main__")',
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: join(import.meta.dirname, '../../python-runtime') },
    },
  );
  expect(old.status).toBe(3);
  expect(old.stderr).toMatch(/^Smelt needs Python 3\.10 or newer, and \S+ is 3\.9\.\n$/);
});
