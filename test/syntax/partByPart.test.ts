import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { outlineOf } from '../../server/src/syntax/outline.ts';
import { parseFile, parseWhole } from '../../server/src/syntax/parser.ts';
import type { Module } from '../../server/src/syntax/tree.ts';
import { readAllBlocks } from '../rules/rulePage.ts';

const treeOf = ({ body, comments, broken }: Module): unknown =>
  JSON.parse(JSON.stringify({ body, comments, broken }));

const wordsOf = (text: string): string[] => [...(outlineOf(text)?.words.keys() ?? [])];

const programs = {
  'a method with a decorator':
    'class A:\n    @property\n    def f(self):\n        return 1\n\n    x = 2\n',
  'a comment behind a body':
    'def f():\n    if x:\n        return 1  # one\n    # two\n# three\nf()\n',
  'a header of several lines': 'def f(\n    a,\n    b=(1, 2),  # (\n) -> int:\n    return a\n',
  'a body on the line of its header': 'def f(): return 1\nasync def g(x): pass\n',
  'a function in a function': 'def f():\n    def g():\n        return 1\n    return g\n',
  'a function in an arm':
    'if x:\n    def f():\n        return 1\nelse:\n    def f():\n        return 2\n',
  'a docstring with an open bracket': 'def f():\n    """(["""\n    return 1\n',
  'strings in a formatted string':
    'def f():\n    return f"{d["#"]} {{ {x:>{w}}" + rb"\\""\n\ny = 1\n',
  'a body of one character': 'def f():\n    1\nf()\n',
  'a body without a line break at its end': 'async def f():\n    await x',
  'carriage returns': 'def f():\r\n    return 1\r\n\r\nx = 2\r\n',
  'letters of other scripts': 'def größe(läng):\n    return "ж" + läng\n',
};

describe('a text parsed part by part gives the tree that it gives as a whole', () => {
  test.each(Object.entries(programs))('%s', (_, text) => {
    expect(outlineOf(text)).not.toBe(null);
    expect(treeOf(parseFile(text))).toEqual(treeOf(parseWhole(text)));
  });

  test('the examples of all rule pages', () => {
    const pages = globSync(join(import.meta.dirname, '../../server/src/rules/*/*.md'));
    expect(pages.length).toBeGreaterThan(50);
    for (const page of pages) {
      for (const { code, path } of readAllBlocks(readFileSync(page, 'utf8'))) {
        if (!path.endsWith('.py')) continue;
        expect(treeOf(parseFile(code)), code).toEqual(treeOf(parseWhole(code)));
      }
    }
  });
});

test('a body with a syntax error is known to be broken and harms no other', () => {
  const module = parseFile('def f():\n    x = = 1\n\ndef g():\n    return 1\n');
  expect(module.broken).toBe(true);
  expect(module.body).toMatchObject([
    { kind: 'function', name: { text: 'f' } },
    { kind: 'function', name: { text: 'g' }, body: [{ kind: 'return' }] },
  ]);
});

test('words are names and strings, without comments, docstrings and prose', () => {
  const text = [
    'def f(device="cuda:0"):  # mps',
    '    """xpu"""',
    '    x.to(f"{kind}:0", "a b")',
    '    return y.cpu()',
    '',
  ].join('\n');
  const words = wordsOf(text);
  expect(words).toEqual(expect.arrayContaining(['device', 'cuda:0', 'to', 'to()', 'kind', 'cpu']));
  for (const absent of ['mps', 'xpu', 'a b', 'cpu()']) expect(words).not.toContain(absent);
});

test('what cannot be told without parsing is not told', () => {
  for (const text of ['if x:\n\ty = 1\n', 'x = (1,\n', 'x = """\n', "x = 'a\n", 'x = 1)\n'])
    expect(outlineOf(text), text).toBe(null);
});
