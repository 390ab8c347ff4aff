import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseFile, parseImported } from '../../server/src/syntax/parser.ts';
import type { Module } from '../../server/src/syntax/tree.ts';
import { readBlocks } from '../rules/rulePage.ts';

/**
 * The statements as text. Where a block ends is left out: comments behind it are part of it only when
 * all is parsed at once, and nobody asks an imported module for that.
 */
const statements = ({ body }: Module): string =>
  JSON.stringify(body, (_, value) =>
    typeof value === 'object' && value !== null && 'body' in value
      ? { ...value, end: 0, body: 0, block: value.body }
      : value,
  );

const imported = (text: string): Module => parseImported(text, () => text);

const isLeftOut = ({ body }: Module): boolean[] =>
  body.flatMap((node) =>
    node.kind === 'function'
      ? [Object.getOwnPropertyDescriptor(node, 'body')?.get !== undefined]
      : [],
  );

test.each<[string, string]>([
  ['a block', 'def f(a, b=(1, 2)):\n    x = 1\n    return x\ny = 2\n'],
  ['no line after it', 'def f():\n    return 1'],
  [
    'comments and empty lines',
    'def f():  # one\n\n# two\n    x = 1  # three\n  # four\n\n    # five\ny = 2\n',
  ],
  [
    'brackets with comments',
    'def f():\n    return [  # ] one\n        1,  # two\n    ]\ny = f()\n',
  ],
  [
    'strings',
    'def f():\n    """Text:\ndef g():\n    """\n    return \'#\' + "(" + r"\\\\"\ny = 2\n',
  ],
  ['a joined line', 'def f(): \n    return 1 + \\\n2\ny = 2\n'],
  ['a joined string', "def f():\n    return 'a\\\nb'\ny = 2\n"],
  [
    'a signature of many lines',
    'def f(\n    a: dict = {"b": 1},  # c\n) -> "int":\n    return a\ny = 2\n',
  ],
  ['tabs', 'if x:\n\tdef f():\n\t\treturn 1\n        # eight\n\ty = 2\n'],
  ['line breaks of Windows', 'def f():\r\n    x = """a\r\n"""\r\n    return x\r\ny = 2\r\n'],
  [
    'methods',
    'class A:\n    """Text."""\n    @property\n    def f(self):\n        return 1\n    y = 2\n    async  def g(self):\n        await f()\n',
  ],
  [
    'functions in functions',
    'def f():\n    def g():\n        yield 1\n    return g\n@f()\ndef h():\n    pass\n',
  ],
  [
    'branches',
    'if a:\n    def f():\n        return 1\nelif b:\n    def f():\n        return 2\nelse:\n    y = 2\n',
  ],
])('a module that is imported has the same statements: %s', (_, text) => {
  const module = imported(text);
  expect(statements(module)).toBe(statements(parseFile(text)));
  expect(isLeftOut(module)).not.toContain(false);
});

test.each<[string, string]>([
  ['one line', 'def f(): return 1\ny = 2\n'],
  ['nothing under a def', 'def f():\ny = 2\n'],
  ['an open bracket', 'def f():\n    x = (\ny = 2\n'],
  ['an open string', 'def f():\n    x = "\ny = 2\n'],
  ['cells', '# %%\n!ls\n# %%\ndef f():\n    %time x\n'],
  ['line breaks of old Macs', 'def f():\r    return 1\ry = 2\r'],
  ['a name that is not there yet', 'import torch\nx = torch.\ndef f():\n    return 1\n'],
])('what cannot be left out is there: %s', (_, text) => {
  expect(statements(imported(text))).toBe(statements(parseFile(text)));
});

test('the standard library and all examples have the same statements', () => {
  const find = 'import sysconfig; print(sysconfig.get_paths()["stdlib"])';
  const library = spawnSync('python3', ['-c', find], { encoding: 'utf8' }).stdout.trim();
  const files = globSync('*.py', { cwd: library }).map((name) => join(library, name));
  expect(files.length).toBeGreaterThan(150);
  const rules = join(import.meta.dirname, '../../server/src/rules');
  const texts = [
    ...files.map((path) => readFileSync(path, 'utf8')),
    ...globSync('*/*.md', { cwd: rules })
      .flatMap((page) => readBlocks(readFileSync(join(rules, page), 'utf8')))
      .map(({ code }) => code),
  ];
  for (const text of texts) expect(statements(imported(text))).toBe(statements(parseFile(text)));
}, 120_000);

test('a function whose text has changed in the meantime returns what nobody knows', () => {
  const [f] = parseImported('def f():\n    return 1\n', () => null).body;
  expect(f?.kind === 'function' && f.body).toMatchObject([
    { kind: 'return', value: { kind: 'broken' } },
  ]);
});
