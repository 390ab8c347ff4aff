import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nestedLoops } from '../engine/nestedLoops.ts';
import { hardcoded, Project } from './project.ts';

test.skipIf(process.platform !== 'linux')(
  'pipes are not waited for, and names that are not UTF-8 are said (on Linux: macOS has no such names)',
  () => {
    const project = new Project();
    project.write('a.py', 'import torch\n');
    spawnSync('mkfifo', [join(project.folder, 'pipe.py')]);
    symlinkSync('pipe.py', join(project.folder, 'link.py'));
    writeFileSync(Buffer.from(`${project.folder}/n\xff.py`, 'latin1'), 'import torch\n');
    const { code, stdout, stderr } = project.smelt('check', '--no-cache', '.');
    expect(stdout).toBe('Nothing found in 1 file.\n');
    expect(stderr).toMatch(/^smelt: cannot read \S*n\ufffd\.py: its name is not UTF-8\n$/);
    expect(code).toBe(2);
  },
);

test.skipIf(process.platform === 'win32')(
  'a fixed file keeps its permissions, its links and its other names (Windows has other permissions)',
  () => {
    const project = new Project();
    const bad = 'import mlx.core as mx\nx = mx.ones(3).cuda()\n';
    const good = bad.replace('.cuda()', '');
    const script = project.write('real/script.py', bad);
    chmodSync(script, 0o755);
    symlinkSync('real/script.py', join(project.folder, 'link.py'));
    const named = project.write('named.py', bad);
    linkSync(named, join(project.folder, 'other.py'));
    expect(project.smelt('check', '--fix', 'link.py', 'named.py').code).toBe(0);
    expect(project.read('real/script.py')).toBe(good);
    expect(statSync(script).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(project.folder, 'link.py')).isSymbolicLink()).toBe(true);
    expect(project.read('other.py')).toBe(good);
    expect(readdirSync(join(project.folder, 'real'))).toEqual(['script.py']);
  },
);

test('a line that is no Python is named, and the rest of the file is checked', () => {
  const project = new Project();
  project.write('a.py', `${hardcoded}def f(:\n    pass\n\ny = torch.ones(2, device="cuda")\n`);
  project.write('b.py', 'import torch\n\nprint "cuda"\n');
  project.write('c.py', 'import torch\n\ndef f():\n    return torch.ones(3).cuda(\n');
  for (const run of ['first', 'cached']) {
    const { code, stdout, stderr } = project.smelt('check', '--output-format', 'concise', '.');
    expect(stderr, run).toBe(
      ['a.py:4', 'b.py:3', 'c.py:4']
        .map((place) => `smelt: warning: cannot read ${place} as Python; the rest is checked\n`)
        .join(''),
    );
    expect(stdout.match(/^[ac]\.py:\d+/gm), run).toEqual(['a.py:3', 'a.py:7', 'c.py:4']);
    expect(code, run).toBe(1);
  }
  // It is no error of the run, and Python or the editor says more about it.
  expect(project.smelt('check', 'b.py').code).toBe(0);
  expect(project.smelt('check', '--quiet', 'b.py').stderr).toBe('');
});

const before = 'import mlx.core as mx\nx = mx.metal.get_peak_memory()\n';
const after = before.replace('.metal', '');
const lines = (text: string, end: string): Buffer => Buffer.from(text.replaceAll('\n', end));
/** GBK: a character of two bytes, and the fault. */
const chinese = Buffer.concat([
  Buffer.from('# coding: gbk\n# '),
  Buffer.from([0xd6, 0xd0]),
  Buffer.from(`\n${before}`),
]);
const western = (text: string): Buffer =>
  Buffer.from(`# coding: latin-1\n# \xe9\xff\n${text}`, 'latin1');

test.each<[string, Buffer, Buffer]>([
  ['CRLF', lines(before, '\r\n'), lines(after, '\r\n')],
  ['a byte order mark', Buffer.from(`\ufeff${before}`), Buffer.from(`\ufeff${after}`)],
  ['latin-1', western(before), western(after)],
  ['form feeds and NUL', Buffer.from(`\f# \0\n${before}`), Buffer.from(`\f# \0\n${after}`)],
  ['tabs', Buffer.from(`if 1:\n\tpass\n${before}`), Buffer.from(`if 1:\n\tpass\n${after}`)],
  ['no end of its last line', Buffer.from(before.trim()), Buffer.from(after.trim())],
])('a fix changes no other byte of a file with %s', (_, content, wanted) => {
  const project = new Project();
  const path = project.write('a.py', content);
  expect(project.smelt('check', '--fix', 'a.py')).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(path)).toEqual(wanted);
});

test.each<[string, Buffer, number, string]>([
  [
    'lone CR',
    lines(before, '\r'),
    1,
    'warning: nothing in a.py is fixed: a line of it ends with a lone CR',
  ],
  [
    'GBK',
    chinese,
    2,
    'cannot write a.py: its encoding gbk is read and not written; save it as UTF-8',
  ],
])(
  'what cannot be fixed in a file with %s is found and left as it is',
  (_, content, code, said) => {
    const project = new Project();
    const path = project.write('a.py', content);
    const done = project.smelt('check', '--fix', '--output-format', 'concise', 'a.py');
    expect(done.stdout).toMatch(/^a\.py:\d:5: MLX601 /);
    expect(done.stderr).toBe(`smelt: ${said}\n`);
    expect(done.code).toBe(code);
    expect(readFileSync(path)).toEqual(content);
  },
);

test('UTF-16 is said to be no UTF-8', () => {
  const project = new Project();
  const path = project.write('a.py', Buffer.from(`\ufeff${before}`, 'utf16le'));
  expect(project.smelt('check', '--fix', 'a.py')).toMatchObject({
    code: 2,
    stderr: 'smelt: cannot check a.py: it is not UTF-8; add a coding comment or save it as UTF-8\n',
  });
  expect(readFileSync(path)).toEqual(Buffer.from(`\ufeff${before}`, 'utf16le'));
});

describe('files that are too much', () => {
  const remedy = 'split it, or leave it out with "extend-exclude"';

  test('one that is too long is not read, and that is said', () => {
    const project = new Project();
    project.write('data.py', `${hardcoded}${'#'.repeat(20_000_000)}\n`);
    project.write('small.py', hardcoded);
    const { code, stdout, stderr } = project.smelt('check', '--output-format', 'concise', '.');
    expect(stderr).toBe(
      `smelt: cannot check data.py: it has 20,000,049 characters, more than the 20,000,000 that are read; ${remedy}\n`,
    );
    expect(stdout).toMatch(/^small\.py:3:27: MPS101 /);
    expect(stdout).not.toContain('data.py');
    expect(code).toBe(2);
  });

  test('a long one is checked to its end', () => {
    const project = new Project();
    const rows = '    (1, 2, 3),\n'.repeat(120_000);
    project.write('data.py', `import torch\nrows = [\n${rows}]\nx = torch.zeros(3).to("cuda")\n`);
    expect(project.codes('data.py')).toEqual(['data.py MPS101']);
  });

  test('one that takes too long is checked in part, and that is said, also from the cache', () => {
    const project = new Project();
    project.write('loops.py', nestedLoops);
    for (const run of ['first', 'cached']) {
      const { code, stdout, stderr } = project.smelt('check', '--output-format', 'concise', '.');
      expect(stderr, run).toMatch(
        /^smelt: cannot check loops\.py:\d+ and what follows: the file takes too long; split it, or leave it out with "extend-exclude"\n$/,
      );
      // What the comment at the end silences has not been found, and it is not called unused.
      expect(stdout.match(/M[A-Z]+\d+/g), run).toEqual(['MPS101']);
      expect(code, run).toBe(2);
    }
    const added = project.smelt('check', '--add-noqa', '.');
    expect(added.stderr).toContain('takes too long');
    expect(added.code).toBe(2);
  });
});
