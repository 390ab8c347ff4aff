import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Machine } from '../../client/src/python/architecture.ts';
import type { EnvironmentWish } from '../../client/src/python/environmentPlan.ts';
import { environmentPlan } from '../../client/src/python/environmentPlan.ts';
import { interpreterText } from '../../client/src/python/interpreterText.ts';
import { pinnedPackages } from '../../client/src/python/pinnedPackages.ts';

const wish: EnvironmentWish = {
  folder: '/project',
  platform: 'darwin',
  appleSilicon: true,
  uv: null,
  native: '/opt/homebrew/bin/python3',
  python: null,
  requirements: null,
  pins: [],
  taken: [],
};
const commands = (change: Partial<EnvironmentWish>): string[] | undefined =>
  environmentPlan({ ...wish, ...change })?.steps.map(({ program, args }) =>
    [program, ...args].join(' '),
  );

test('a native Python makes the environment, as arm64 also from a universal build', () => {
  expect(commands({ requirements: 'requirements.txt' })).toEqual([
    '/usr/bin/arch -arm64 /opt/homebrew/bin/python3 -m venv /project/.venv',
    '/project/.venv/bin/python -m pip install -r /project/requirements.txt',
  ]);
});

test('uv makes it when it is there, and is asked for an arm64 build', () => {
  expect(commands({ uv: '/x/uv', python: '3.11', pins: ['torch==2.2.2'] })).toEqual([
    '/x/uv venv --python cpython-3.11-macos-aarch64-none /project/.venv',
    '/x/uv pip install --python /project/.venv/bin/python torch==2.2.2',
  ]);
  expect(commands({ uv: '/x/uv', appleSilicon: false, platform: 'linux' })).toEqual([
    '/x/uv venv /project/.venv',
  ]);
});

test('what is there is not touched', () => {
  expect(environmentPlan({ ...wish, taken: ['.venv', '.venv-arm64'] })?.environment).toBe(
    '/project/.venv-arm64-2',
  );
});

test('without uv and without a native Python there is no plan', () => {
  expect(environmentPlan({ ...wish, native: null })).toBeNull();
});

test('the packages of an environment are pinned, but for tools and what came from elsewhere', () => {
  const root = mkdtempSync(join(tmpdir(), 'smelt-pins-'));
  const packages = join(root, 'lib/python3.12/site-packages');
  for (const name of ['torch-2.2.2+cpu', 'pip-24.0', 'my_tool-1.0', 'typing_extensions-4.12.2']) {
    mkdirSync(join(packages, `${name}.dist-info`), { recursive: true });
  }
  writeFileSync(join(packages, 'my_tool-1.0.dist-info/direct_url.json'), '{}');
  mkdirSync(join(root, 'bin'));
  expect(pinnedPackages(join(root, 'bin/python'))).toEqual([]);
  writeFileSync(join(root, 'pyvenv.cfg'), '');
  expect(pinnedPackages(join(root, 'bin/python'))).toEqual([
    'torch==2.2.2',
    'typing-extensions==4.12.2',
  ]);
});

test('the picker says what an interpreter has and whether it reaches Metal', () => {
  const mac: Machine = { platform: 'darwin', arch: 'arm64', processor: 'Apple M3 Max' };
  const linux: Machine = { platform: 'linux', arch: 'x64', processor: 'AMD' };
  const installed = { python: '3.12.4', versions: { torch: '2.13.0', mlx: '0.32.4' } };
  const arm = { path: '/a/python', origin: '', architectures: ['arm64'] } as const;
  const intel = { ...arm, architectures: ['x86_64'] } as const;
  expect(interpreterText(arm, installed, mac)).toBe(
    'Python 3.12.4 · arm64 · torch 2.13.0 · mlx 0.32.4 · Metal',
  );
  expect(interpreterText(intel, { python: '3.9.6', versions: {} }, mac)).toBe(
    'Python 3.9.6 · too old for cells · x86_64 · neither torch nor MLX · Intel build: no Metal',
  );
  expect(interpreterText({ ...arm, architectures: null }, undefined, linux)).toBe('');
});
