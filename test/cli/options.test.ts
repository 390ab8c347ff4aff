import { spawn } from 'node:child_process';
import { chmodSync, existsSync, globSync, symlinkSync, watch } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { cli, deprecated, hardcoded, Project, selector } from './project.ts';

let project: Project;
beforeEach(() => {
  project = new Project();
});

const fixed = deprecated.replace('mx.metal.', 'mx.');

describe('fixes', () => {
  test('--unsafe-fixes with --fix fixes more', () => {
    project.write('a.py', hardcoded);
    expect(project.smelt('check', '--fix', 'a.py').code).toBe(1);
    expect(project.read('a.py')).toBe(hardcoded);
    expect(project.smelt('check', '--fix', '--unsafe-fixes', 'a.py').code).toBe(0);
    expect(project.read('a.py')).toContain('torch.backends.mps.is_available()');
  });

  test('--fix-only says nothing about the rest', () => {
    project.write('a.py', deprecated + hardcoded);
    const done = project.smelt('check', '--fix-only', 'a.py');
    expect(done).toEqual({ code: 0, stdout: 'Fixed 1 finding.\n', stderr: '' });
    expect(project.read('a.py')).toBe(fixed + hardcoded);
  });

  test('--fixable and --unfixable choose what is fixed, --show-fixes lists it', () => {
    project.write('a.py', deprecated + selector);
    expect(project.smelt('check', '--fix', '--unfixable', 'MLX', '--show-fixes')).toMatchObject({
      code: 1,
      stderr: 'Fixed in a.py:\n  1 × MPS102 (selector-without-mps)\n',
      stdout: expect.not.stringContaining('help:'),
    });
    expect(project.smelt('check', '--fix', '--fixable', 'MPS').code).toBe(1);
    expect(project.read('a.py')).toContain('mx.metal.');
    expect(project.smelt('check', '--fix', '--fixable', 'MLX601').code).toBe(0);
  });

  test('--diff prints a patch and changes nothing', () => {
    project.write('a.py', deprecated);
    const { code, stdout, stderr } = project.smelt('check', '--diff');
    expect(stdout).toBe(
      '--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n import mlx.core as mx\n \n-mx.metal.get_peak_memory()\n+mx.get_peak_memory()\n',
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'Would fix 1 finding.\n' });
    expect(project.read('a.py')).toBe(deprecated);
    project.write('a.py', hardcoded);
    expect(project.smelt('check', '--diff')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Nothing to fix.\n',
    });
  });

  test('--exit-non-zero-on-fix and --exit-zero', () => {
    project.write('a.py', deprecated);
    expect(project.smelt('check', '--exit-zero').code).toBe(0);
    expect(project.smelt('check', '--fix', '--exit-non-zero-on-fix').code).toBe(1);
    expect(project.smelt('check', '--fix', '--exit-non-zero-on-fix').code).toBe(0);
  });

  test('a notebook keeps its indent, its end and numbers that JavaScript does not have', () => {
    const text = `{
   "cells": [
      {
         "cell_type": "code",
         "execution_count": 1,
         "metadata": {"big": 12345678901234567890, "whole": 1.0, "name": "\\u00e9"},
         "outputs": [],
         "source": ["import mlx.core as mx\\n", "mx.metal.get_peak_memory()  # é"]
      }
   ],
   "metadata": {},
   "nbformat": 4,
   "nbformat_minor": 5
}`;
    project.write('a.ipynb', text);
    expect(project.smelt('check', '--fix').code).toBe(0);
    const after = text.replace('mx.metal.', 'mx.');
    expect(project.read('a.ipynb')).toBe(after);
    project.write('a.ipynb', `${text}\n`);
    project.smelt('check', '--fix');
    expect(project.read('a.ipynb')).toBe(`${after}\n`);
  });
});

describe('--add-noqa', () => {
  test('silences every finding, and merges with what is there', () => {
    project.write(
      'a.py',
      [
        'import torch',
        'a = torch.zeros(3, device="cuda")',
        'b = torch.zeros(3, device="cuda")  # a comment',
        'c = torch.zeros(3, device="cuda")  # noqa: E501',
        'd = torch.zeros(3, device="cuda")  # smelt: ignore[MPS2] reason',
        'e = torch.zeros(',
        '    3, device="cuda", names="""',
        '""")',
        'f = torch.zeros(3, \\',
        '  device="cuda")',
        '',
      ].join('\n'),
    );
    const before = project.codes('--ignore', 'MPS9');
    expect(before).toHaveLength(6);
    expect(project.smelt('check', '--add-noqa')).toMatchObject({
      code: 0,
      stdout: 'Added 6 noqa comments.\n',
    });
    expect(project.read('a.py').split('\n')).toMatchObject([
      'import torch',
      'a = torch.zeros(3, device="cuda")  # noqa: MPS101',
      'b = torch.zeros(3, device="cuda")  # a comment  # noqa: MPS101',
      'c = torch.zeros(3, device="cuda")  # noqa: E501, MPS101',
      expect.stringContaining('# smelt: ignore[MPS2, MPS101'),
      'e = torch.zeros(',
      '    3, device="cuda", names="""',
      '""")  # noqa: MPS101',
      'f = torch.zeros(3, \\',
      '  device="cuda")  # noqa: MPS101',
      '',
    ]);
    expect(project.codes('--ignore', 'MPS9')).toEqual([]);
  });
});

test('--ignore-noqa shows what comments silence', () => {
  project.write('a.py', hardcoded.replace(')\n', ')  # noqa: MPS101\n'));
  expect(project.codes()).toEqual([]);
  expect(project.codes('--ignore-noqa')).toEqual(['a.py MPS101']);
});

describe('files', () => {
  const shown = (...args: readonly string[]): string[] =>
    project
      .smelt('check', '--show-files', ...args)
      .stdout.split('\n')
      .filter((line) => line !== '')
      .map((line) => line.slice(project.folder.length + 1));

  test('.gitignore is respected, in every folder of the repository', () => {
    project.write('.git/HEAD', '');
    project.write('.git/info/exclude', 'mine.py\n');
    project.write('.gitignore', 'generated/\n*_pb2.py\n!keep_pb2.py\n');
    project.write('a/.gitignore', '/local.py\n');
    for (const name of ['a.py', 'mine.py', 'generated/b.py', 'c_pb2.py', 'keep_pb2.py'])
      project.write(name, '');
    for (const name of ['a/local.py', 'a/b/local.py', 'a/n.ipynb', 'a/s.pyi', 'a/t.txt'])
      project.write(name, '');
    expect(shown()).toEqual(['a.py', 'a/b/local.py', 'a/n.ipynb', 'a/s.pyi', 'keep_pb2.py']);
    expect(shown('a')).toEqual(['a/b/local.py', 'a/n.ipynb', 'a/s.pyi']);
    expect(shown('--no-respect-gitignore')).toContain('generated/b.py');
    expect(shown('c_pb2.py', 'generated')).toEqual(['c_pb2.py', 'generated/b.py']);
  });

  test('--exclude, --extend-exclude and --force-exclude', () => {
    for (const name of ['a.py', 'b/a.py', 'b/c.py', 'venv/x.py', 'env/pyvenv.cfg', 'env/x.py'])
      project.write(name, '');
    expect(shown()).toEqual(['a.py', 'b/a.py', 'b/c.py']);
    expect(shown('--extend-exclude', 'b/*.py')).toEqual(['a.py']);
    expect(shown('--exclude', 'a.py')).toEqual(['b/c.py', 'venv/x.py']);
    expect(shown('--extend-exclude', 'b', 'b/c.py', 'a.py')).toEqual(['a.py', 'b/c.py']);
    expect(shown('--extend-exclude', 'b', '--force-exclude', 'b/c.py', 'a.py')).toEqual(['a.py']);
  });

  test('a file that cannot be read is an error, and the rest is checked', () => {
    project.write('a.py', selector);
    symlinkSync('b.py', join(project.folder, 'b.py'));
    const { code, stderr, stdout } = project.smelt('check');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'smelt: cannot check b.py: its links lead in a circle\n',
    });
    expect(stdout).toContain('MPS102');
  });

  const asRoot = process.getuid?.() === 0;
  test.skipIf(asRoot)('a folder that cannot be read is an error (not run as root)', () => {
    project.write('a.py', selector);
    project.write('secret/b.py', selector);
    chmodSync(join(project.folder, 'secret'), 0);
    const { code, stderr, stdout } = project.smelt('check');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^smelt: cannot read .*secret: EACCES\n$/),
    });
    expect(stdout).toContain('MPS102');
  });
});

test('--quiet and --silent', () => {
  project.write('a.py', selector);
  expect(project.smelt('check', '-q').stdout).not.toContain('Found');
  expect(project.smelt('check', '-s', 'a.py', 'no.py')).toEqual({
    code: 2,
    stdout: '',
    stderr: '',
  });
});

test('--show-settings names the file and what it says', () => {
  project.write('a.py', '');
  project.write('smelt.toml', 'ignore = ["MPS1"]\n');
  const { stdout } = project.smelt('check', '--show-settings', '--target-torch', '2.8');
  expect(stdout).toContain(`# settings file: ${join(project.folder, 'smelt.toml')}`);
  expect(stdout).toContain('target-torch = "2.8"');
  expect(stdout).toMatch(/rules that are off: MPS101, MPS102/);
});

describe('the cache', () => {
  const codes = (...args: readonly string[]): string[] => project.codes(...args);

  test('gives what a fresh run gives, and follows texts, settings and imports', () => {
    project.write('devices.py', 'DEVICE = "cpu"\n');
    project.write(
      'a.py',
      'import torch\nfrom devices import DEVICE\nx = torch.zeros(3).to(DEVICE)\n',
    );
    project.write('b.py', hardcoded);
    expect(codes()).toEqual(['b.py MPS101']);
    expect(project.has('.smelt_cache/.gitignore')).toBe(true);
    expect(codes()).toEqual(['b.py MPS101']);
    project.write('devices.py', 'DEVICE = "cuda"\n');
    expect(codes('a.py')).toEqual(codes('--no-cache', 'a.py'));
    expect(codes('a.py')).not.toEqual([]);
    expect(codes('--ignore', 'MPS101', 'b.py')).toEqual([]);
    project.write('b.py', selector);
    expect(codes('b.py')).toEqual(['b.py MPS102']);
    expect(codes('--fix', 'b.py')).toEqual([]);
  });

  test('follows what becomes the top of a project, and what no longer is', () => {
    project.write('cuda/a.py', hardcoded);
    const severity = (...args: readonly string[]): string =>
      (
        JSON.parse(project.smelt('check', '--output-format', 'json', ...args).stdout) as {
          severity: string;
        }[]
      )
        .map((finding) => finding.severity)
        .join();
    expect([severity(), severity()]).toEqual(['error', 'error']);
    project.write('pyproject.toml', '');
    expect([severity(), severity('--no-cache')]).toEqual(['info', 'info']);
    project.remove('pyproject.toml');
    expect(severity()).toBe('error');
    project.write('.git/HEAD', '');
    expect(severity()).toBe('info');
  });

  test('that is broken is made anew', () => {
    project.write('a.py', selector);
    const fresh = project.smelt('check');
    const kept = globSync('.smelt_cache/results/*/*', { cwd: project.folder });
    expect(kept).toHaveLength(1);
    for (const broken of ['', '{"key":', '{}', '[]']) {
      for (const file of kept) project.write(file, broken);
      expect(project.smelt('check')).toEqual(fresh);
    }
    project.smelt('clean');
    project.write('.smelt_cache', 'not a folder');
    expect(project.smelt('check')).toEqual(fresh);
  });

  test('has its place, or none', () => {
    project.write('a.py', selector);
    project.smelt('check', '--no-cache');
    expect(project.has('.smelt_cache')).toBe(false);
    project.smelt('check', '--cache-dir', 'kept');
    expect(project.has('kept/CACHEDIR.TAG')).toBe(true);
    project.smeltWith({ environment: { SMELT_CACHE_DIR: 'other' } }, 'check');
    expect(project.has('other/CACHEDIR.TAG')).toBe(true);
    expect(project.smelt('clean', '--cache-dir', 'kept')).toMatchObject({
      code: 0,
      stdout: 'Removed kept\n',
    });
    expect(existsSync(join(project.folder, 'kept'))).toBe(false);
  });

  test('that cannot be where it is asked for is said, and the files are checked', () => {
    project.write('a.py', selector);
    const { stdout } = project.smelt('check', '--no-cache', 'a.py');
    const below = join('a.py', 'kept');
    expect(project.smelt('check', '--cache-dir', below, 'a.py')).toEqual({
      code: 2,
      stdout,
      stderr: `smelt: cannot keep results in ${join(project.folder, below)}: a part of the path is a file\n`,
    });
    expect(project.smelt('check', '--cache-dir', 'a.py', 'a.py')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it is a file'),
    });
    // Node's own mkdir never comes back from there.
    if (existsSync('/proc/self'))
      expect(project.smelt('check', '--cache-dir', '/proc/smelt/kept', 'a.py')).toMatchObject({
        code: 2,
        stderr: 'smelt: cannot keep results in /proc/smelt/kept: no folder can be made there\n',
      });
  });

  test('smelt clean removes nothing else', () => {
    project.write('a.py', selector);
    project.smelt('check');
    expect(project.smelt('clean')).toMatchObject({ code: 0, stdout: 'Removed .smelt_cache\n' });
    expect(project.smelt('clean')).toMatchObject({ code: 0, stdout: '' });
    project.write('.smelt_cache/mine.txt', '');
    expect(project.smelt('clean')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no cache of Smelt'),
    });
    expect(project.has('.smelt_cache/mine.txt')).toBe(true);
  });
});

describe('a wrong command line is one clear line', () => {
  test.each([
    [['--fxi'], 'unknown option --fxi. Did you mean "--fix"?'],
    [['--select'], '--select needs a value: RULES'],
    [['--select', '--fix'], '--select needs a value: RULES'],
    [['--fix=yes'], '--fix takes no value'],
    [['--output-format', 'jsn'], '--output-format: "jsn" is none of full, '],
    [['--select', 'MPS999x'], '--select: "MPS999x" is no rule, code or beginning of codes.'],
    [['--target-torch', 'new'], '--target-torch must be a version'],
    [['--per-file-ignores', 'a.py'], '--per-file-ignores: "a.py" is not of the form PATTERN:RULE'],
    [['--add-noqa', '--fix'], '--add-noqa and --fix exclude each other'],
    [['--stdin-filename', 'a.py'], '--stdin-filename needs the path -'],
    [['-', 'a.py'], '- is the only path when it is there'],
    [['--config', 'slect = []'], '--config: unknown setting "slect". Did you mean "select"?'],
    [['--output-file', '.'], 'cannot write .: it is a folder'],
  ])('%j', (args, message) => {
    const { code, stderr, stdout } = project.smelt('check', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith(`smelt: ${message}`)).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('Ctrl-C ends a long run with 130, and a line that says how far it came', async () => {
  for (let i = 0; i < 400; i++) project.write(`f${i}.py`, selector.repeat(40));
  // The threads make it before they check anything.
  const begun = new Promise<void>((resolve) => {
    const watcher = watch(project.folder, (_event, name) => {
      if (name !== '.smelt_cache') return;
      watcher.close();
      resolve();
    });
  });
  const running = spawn(process.execPath, [cli, 'check'], { cwd: project.folder });
  let complaint = '';
  running.stderr.on('data', (data) => {
    complaint += String(data);
  });
  const code = new Promise((resolve) => running.once('close', resolve));
  await begun;
  running.kill('SIGINT');
  expect(await code).toBe(130);
  expect(complaint).toMatch(/^smelt: interrupted after \d+ of 400 files\n$/);
});
