import { spawnSync } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { cli, deprecated, hardcoded, Project, selector } from './project.ts';

let project: Project;
beforeEach(() => {
  project = new Project();
});

const fixed = deprecated.replace('mx.metal.', 'mx.');

test('is checked as the file that it is said to be', () => {
  project.write('smelt.toml', 'per-file-ignores = { "quiet.py" = ["MPS102"] }\n');
  const args = ['check', '-', '--output-format', 'concise', '-q', '--stdin-filename'];
  expect(project.smeltWith({ input: selector }, ...args, 'a.py')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^a\.py:3:10: MPS102 /),
  });
  expect(project.smeltWith({ input: selector }, ...args, 'quiet.py').code).toBe(0);
});

test('with --fix is printed as it is after the fixes', () => {
  const { stdout, code } = project.smeltWith({ input: deprecated }, 'check', '--fix', '-');
  expect({ stdout, code }).toEqual({ stdout: fixed, code: 0 });
  expect(project.smeltWith({ input: 'x = 1\n' }, 'check', '--fix', '-').stdout).toBe('x = 1\n');
});

test('what no fix mends is told beside the text, and counts', () => {
  const input = deprecated + hardcoded;
  const args = ['check', '--fix', '-', '--stdin-filename', 'a.py', '--output-format', 'concise'];
  const done = project.smeltWith({ input }, ...args);
  expect(done).toMatchObject({ code: 1, stdout: fixed + hardcoded });
  expect(done.stderr).toMatch(/^a\.py:\d+:27: MPS101 .*\nFixed 1 finding\.\nFound 1 finding/);
  expect(project.smeltWith({ input }, ...args, '--exit-zero').code).toBe(0);
});

test('of a file that is left out is passed on as it is', () => {
  project.write('smelt.toml', 'exclude = ["vendor"]\n');
  const args = ['check', '-', '--stdin-filename', 'vendor/a.py'];
  const run = (...more: string[]) => project.smeltWith({ input: deprecated }, ...args, ...more);
  expect(run().code).toBe(1);
  expect(run('--force-exclude').code).toBe(0);
  expect(run('--force-exclude', '--fix')).toMatchObject({ code: 0, stdout: deprecated });
});

test('keeps bytes that are no UTF-8 where a comment says what they are, and refuses others', () => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
  const check = (input: Buffer) =>
    spawnSync(process.execPath, [cli, 'check', '--fix', '-'], { cwd: project.folder, input });
  const head = '# coding: latin-1\n# caf\u00e9\n';
  expect(check(bytes(head + deprecated)).stdout).toEqual(bytes(head + fixed));
  const refused = check(bytes(`# caf\u00e9\n${deprecated}`));
  expect(refused.status).toBe(2);
  expect(refused.stdout).toHaveLength(0);
  expect(String(refused.stderr)).toMatch(/^smelt: cannot read standard input: it is not UTF-8/);
});
