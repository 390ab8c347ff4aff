import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
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
