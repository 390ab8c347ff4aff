import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder, write } from '../files/madeEnvironment.ts';

const cli = join(import.meta.dirname, '../../dist/cli.js');
const launch = `{
  // with comments
  "configurations": [{ "env": { "PYTORCH_MPS_HIGH_WATERMARK_RATIO": "0.7" } }],
}
`;
const files = {
  '.env': '# secrets\nTOKEN=x\nPYTORCH_ENABLE_MPS_FALLBACK=true\n',
  'run.sh': '#!/bin/sh\nexport PYTORCH_MPS_ENABLE_FALLBACK=1\nMLX_DISABLE_COMPILE=0 python x.py\n',
  '.vscode/launch.json': launch,
  Dockerfile: 'FROM python:3.12\nENV PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.7\n',
  'requirements.txt': '--index-url https://download.pytorch.org/whl/cu121\ntorch\n',
  'pyproject.toml':
    '[project]\nname = "x"\n\n[tool.pytest_env]\nPYTORCH_MPS_HIGH_WATERMARK_RATIO = "0"\n',
} as const;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) write(join(folder, name), text);
});

const check = (
  ...args: readonly string[]
): { code: number | null; lines: string[]; stderr: string } => {
  const done = spawnSync(process.execPath, [cli, 'check', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: done.status, lines: done.stdout.trim().split('\n'), stderr: done.stderr };
};
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('files that set variables are checked with the folder, and fixed', () => {
  const found = check('--output-format', 'concise', '--quiet');
  expect(found.stderr).toBe('');
  expect(found.lines.map((line) => line.split(' ').slice(0, 2).join(' ')).sort()).toEqual([
    '.env:3:1: MPS306',
    '.vscode/launch.json:3:33: MPS302',
    'Dockerfile:2:5: MPS302',
    'pyproject.toml:5:1: MPS305',
    'requirements.txt:1:1: MPS709',
    'run.sh:2:1: MPS303',
    'run.sh:3:1: MLX608',
  ]);
  expect(check('--fix').stderr).toBe('');
  expect(read('.env')).toBe(files['.env'].replace('true', '1'));
  expect(read('run.sh')).toBe(
    files['run.sh'].replace('PYTORCH_MPS_ENABLE_FALLBACK', 'PYTORCH_ENABLE_MPS_FALLBACK'),
  );
  expect(read('.vscode/launch.json')).toBe(
    launch.replace('"0.7"', '"0.7", "PYTORCH_MPS_LOW_WATERMARK_RATIO": "0.59"'),
  );
  expect(read('Dockerfile')).toBe(
    'FROM python:3.12\nENV PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.7 PYTORCH_MPS_LOW_WATERMARK_RATIO=0.59\n',
  );
  expect(read('pyproject.toml')).toBe(files['pyproject.toml']);
});

test('comments silence there, too, and no others are written', () => {
  write(join(folder, '.env'), '# smelt: ignore-file[MPS306]\nPYTORCH_ENABLE_MPS_FALLBACK=true\n');
  write(
    join(folder, '.vscode/launch.json'),
    launch.replace('} }],', '} }],  // smelt: ignore[MPS302] as measured'),
  );
  write(join(folder, 'run.sh'), 'export PYTORCH_MPS_ENABLE_FALLBACK=1  # smelt: ignore[MPS303]\n');
  const named = ['.env', '.vscode/launch.json', 'run.sh'];
  expect(check(...named).code).toBe(0);
  const before = read('Dockerfile');
  check('--add-noqa', 'Dockerfile');
  expect(read('Dockerfile')).toBe(before);
});

test('half a file is no error', () => {
  for (const [name, text] of Object.entries(files))
    write(join(folder, name), text.slice(0, text.length * 0.7));
  const { code, stderr } = check(
    '.env',
    'run.sh',
    '.vscode/launch.json',
    'Dockerfile',
    'requirements.txt',
  );
  expect(stderr).toBe('');
  expect(code).toBe(1);
});
