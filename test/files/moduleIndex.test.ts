import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { ModuleIndex } from '../../server/src/files/moduleIndex.ts';
import type { SourceModule } from '../../server/src/semantics/moduleSource.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

let root: string;
const open = new Map<string, string>();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smelt-modules-'));
  open.clear();
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const newIndex = (): ModuleIndex => new ModuleIndex((path) => open.get(path) ?? null);

const found = (
  index: ModuleIndex,
  importer: string,
  level: number,
  name: string,
): string | null => {
  const module = index.resolve(join(root, importer), level, name);
  return module === null ? null : relative(root, module.path);
};

test('absolute names start above the package, up to the top of the project, or in src', () => {
  for (const path of [
    'pyproject.toml',
    'src/lib/__init__.py',
    'src/lib/a.py',
    'src/lib/deep/__init__.py',
    'src/lib/deep/b.py',
    'scripts/train.py',
    'scripts/near.py',
    'top.py',
    'spaces/c.py',
    'both.py',
    'both/x.py',
  ])
    write(path);
  const index = newIndex();
  expect(found(index, 'scripts/train.py', 0, 'near')).toBe('scripts/near.py');
  expect(found(index, 'scripts/train.py', 0, 'top')).toBe('top.py');
  expect(found(index, 'scripts/train.py', 0, 'lib')).toBe('src/lib/__init__.py');
  expect(found(index, 'scripts/train.py', 0, 'lib.deep.b')).toBe('src/lib/deep/b.py');
  expect(found(index, 'scripts/train.py', 0, 'spaces.c')).toBe('spaces/c.py');
  expect(found(index, 'scripts/train.py', 0, 'both')).toBe('both.py');
  expect(found(index, 'src/lib/deep/b.py', 0, 'lib.a')).toBe('src/lib/a.py');
  expect(found(index, 'scripts/train.py', 0, 'numpy')).toBeNull();
});

test('relative names start in the package, level by level', () => {
  for (const path of ['p/__init__.py', 'p/a.py', 'p/q/__init__.py', 'p/q/b.py']) write(path);
  const index = newIndex();
  expect(found(index, 'p/q/b.py', 1, '')).toBe('p/q/__init__.py');
  expect(found(index, 'p/q/b.py', 2, '')).toBe('p/__init__.py');
  expect(found(index, 'p/q/b.py', 2, 'a')).toBe('p/a.py');
  expect(found(index, 'p/q/b.py', 1, 'a')).toBeNull();
});

test('outside a project nothing is looked for above the outermost package', () => {
  for (const path of ['elsewhere.py', 'run/p/__init__.py', 'run/p/a.py', 'run/b.py']) write(path);
  const index = newIndex();
  expect(found(index, 'run/p/a.py', 0, 'b')).toBe('run/b.py');
  expect(found(index, 'run/p/a.py', 0, 'elsewhere')).toBeNull();
});

test('the same text is the same module, another is another', () => {
  write('a.py', 'x = 1\n');
  const index = newIndex();
  const path = join(root, 'a.py');
  const load = () => index.resolve(join(root, 'b.py'), 0, 'a');
  const first = load();
  expect(load()).toBe(first);
  open.set(path, 'x = 1\n');
  expect(load()).toBe(first);
  open.set(path, 'x = 2\n');
  expect(load()?.text).toBe('x = 2\n');
  open.delete(path);
  expect(load()?.text).toBe('x = 1\n');
  write('a.py', 'x = 3\n');
  index.changed(path);
  expect(load()?.text).toBe('x = 3\n');
  rmSync(path);
  index.changed(path);
  expect(load()).toBeNull();
});

test('what is no text, or too long, is no obstacle', () => {
  mkdirSync(join(root, 'folder.py'));
  writeFileSync(join(root, 'latin.py'), Buffer.from([0x78, 0x3d, 0x27, 0xe9, 0x27, 0x0a]));
  write('long.py', '#'.repeat(1_000_001));
  const index = newIndex();
  expect(found(index, 'b.py', 0, 'folder')).toBeNull();
  expect(found(index, 'b.py', 0, 'latin')).toBe('latin.py');
  expect(found(index, 'b.py', 0, 'long')).toBeNull();
});

/** What is only there as long as there is memory goes now; what an analysis has seen stays until its turn ends. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await setTimeout(0);
  collect();
}

const returned = (module: SourceModule | null): unknown => {
  const [f] = module?.module.body ?? [];
  const [statement] = f?.kind === 'function' ? f.body : [];
  return statement?.kind === 'return' ? statement.value : null;
};

test('a function is read again when it has been forgotten', async () => {
  write('a.py', 'def f():\n    return "mps"\n');
  const index = newIndex();
  const load = () => index.resolve(join(root, 'b.py'), 0, 'a');
  const before = new WeakRef((load() as SourceModule).module);
  expect(returned(load())).toMatchObject({ kind: 'string', value: 'mps' });
  await collectGarbage();
  expect(before.deref()).toBeUndefined();
  expect(returned(load())).toMatchObject({ kind: 'string', value: 'mps' });
});

test('of a file that changes unnoticed nothing is made up', async () => {
  const path = join(root, 'a.py');
  write('a.py', 'def f():\n    return "mps"\n');
  const index = newIndex();
  const load = () => index.resolve(join(root, 'b.py'), 0, 'a');
  const { module } = load() as SourceModule;
  write('a.py', '# A line more.\ndef f():\n    return "cpu"\n');
  utimesSync(path, 1, 1);
  await collectGarbage();
  const [f] = module.body;
  expect(f?.kind === 'function' && f.body).toMatchObject([
    { kind: 'return', value: { kind: 'broken' } },
  ]);
  index.changed(path);
  expect(returned(load())).toMatchObject({ kind: 'string', value: 'cpu' });
});

test('more modules than are kept have the same findings again and again', () => {
  const names = Array.from({ length: 12 }, (_, i) => `m${i}`);
  write('base.py', 'import torch\nclass Base:\n    device = torch.device("mps")\n');
  const filling = `#${'-'.repeat(900_000)}\n`;
  for (const name of names)
    write(
      `${name}.py`,
      `from base import Base\nclass ${name}(Base):\n    def place(self):\n        return self.device\n${filling}`,
    );
  const index = newIndex();
  const findingsOf = (name: string): unknown => {
    const text = `import torch\nfrom ${name} import ${name} as Place\ntorch.zeros(2, dtype=torch.float64, device=Place().place())\n`;
    const site = { path: join(root, 'train.py'), modules: index };
    return analyze(parseFile(text), defaultLintSettings, unknownEnvironment, site).findings.map(
      ({ code }) => code,
    );
  };
  for (let round = 0; round < 2; round++)
    for (const name of names) expect(findingsOf(name), `${name}, ${round}`).toEqual(['MPS201']);
});

test('the top of a project is the folder with its marks, and outside of projects that of the package', () => {
  for (const path of [
    'tests/cuda/a.py',
    'tests/lib/__init__.py',
    'tests/lib/b.py',
    'in/setup.py',
    'in/c/d.py',
  ])
    write(path);
  const top = (path: string): string => relative(root, newIndex().topOf(join(root, path)));
  expect(top('tests/cuda/a.py')).toBe('tests/cuda');
  expect(top('tests/lib/b.py')).toBe('tests');
  expect(top('in/c/d.py')).toBe('in');
});
