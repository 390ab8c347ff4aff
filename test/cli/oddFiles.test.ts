import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Project } from './project.ts';

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
