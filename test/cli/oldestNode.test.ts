import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codesOf, ServerProcess } from '../lsp/serverProcess.ts';
import { cli, deprecated, hardcoded, Project, selector } from './project.ts';

const node = process.env['SMELT_TEST_OLDEST_NODE'];
const title = (what: string): string =>
  `${what} (needs SMELT_TEST_OLDEST_NODE, which npm test sets)`;

/** The same command under the Node of the tests and under the oldest one. */
function both(project: Project, ...args: readonly string[]): unknown[] {
  return [process.execPath, node as string].map((program) => {
    const done = spawnSync(program, [cli, ...args], { cwd: project.folder, encoding: 'utf8' });
    return { code: done.status, stdout: done.stdout, stderr: done.stderr };
  });
}

const root = join(import.meta.dirname, '../..');
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  engines: { node: string };
};
const oldest = engines.node.replace('>=', '');

test('the documents name the Node that package.json names', () => {
  for (const file of ['README.md', 'CONTRIBUTING.md'])
    expect(readFileSync(join(root, file), 'utf8'), file).toContain(`Node ${oldest} `);
});

test.skipIf(node === undefined)(title('it is the oldest that package.json names'), () => {
  const { stdout } = spawnSync(node as string, ['--version'], { encoding: 'utf8' });
  expect(stdout).toBe(`v${oldest}\n`);
});

test.skipIf(node === undefined)(title('smelt does under it what it does under others'), () => {
  const project = new Project();
  for (let i = 0; i < 45; i++) project.write(`package/f${i}.py`, selector);
  project.write('a.py', `${hardcoded}from package.f1 import device\n`);
  project.write(
    'b.ipynb',
    JSON.stringify({ nbformat: 4, cells: [{ cell_type: 'code', source: [hardcoded] }] }),
  );
  project.write('.env', 'PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.0\n');
  project.write(
    'smelt.toml',
    'extend-exclude = ["x*.py"]\n[per-file-ignores]\n"f1*.py" = ["MPS102"]\n',
  );
  project.write('.gitignore', 'out/\n');
  project.write('out/c.py', hardcoded);
  for (const args of [
    ['check', '--no-cache', '--color', 'always'],
    ['check', '--output-format', 'sarif'],
    ['check', '--diff'],
    ['check', '--statistics', '--select', 'NOPE'],
    ['rule', 'MPS102'],
    ['config'],
  ]) {
    const [here, there] = both(project, ...args);
    expect(there, args.join(' ')).toEqual(here);
  }
  project.write('d.py', deprecated);
  const fixed = spawnSync(node as string, [cli, 'check', '--fix', 'd.py'], {
    cwd: project.folder,
    encoding: 'utf8',
  });
  expect(fixed.stdout).toBe('Fixed 1 finding.\nNothing is left.\n');
});

test.skipIf(node === undefined)(title('the language server runs under it'), async () => {
  const server = await ServerProcess.start({
    node: node as string,
    program: [cli, 'server', '--stdio'],
  });
  await server.open('file:///a.py', hardcoded);
  expect(codesOf(await server.diagnostics('file:///a.py'))).toEqual(['MPS101']);
  expect(await server.stop()).toBe(0);
});
