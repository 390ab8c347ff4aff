import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { maskMagics } from '../../server/src/syntax/magics.ts';
import { parseFile, parseNotebook } from '../../server/src/syntax/parser.ts';
import type { Module, Node, Statement } from '../../server/src/syntax/tree.ts';
import { childrenOf } from '../../server/src/syntax/visit.ts';

/** Statements of CPython's own parser: kind and line, in order of their places. */
const cpython = `
import ast, json, os, sys, sysconfig
folder = sysconfig.get_paths()["stdlib"]
result = []
for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    if not name.endswith(".py"):
        continue
    try:
        text = open(path, encoding="utf-8").read()
        tree = ast.parse(text)
    except (SyntaxError, UnicodeDecodeError):
        continue
    found = [
        # Like ours, a decorated definition begins at its first decorator.
        (min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]), node.col_offset, type(node).__name__)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
    ]
    result.append({"path": path, "statements": sorted(found)})
json.dump(result, sys.stdout)
`;

const kinds: Readonly<Record<string, string>> = {
  Expr: 'expression',
  Assign: 'assign',
  AugAssign: 'augmentedAssign',
  AnnAssign: 'annotatedAssign',
  Return: 'return',
  Raise: 'raise',
  Assert: 'assert',
  Delete: 'delete',
  Global: 'global',
  Nonlocal: 'nonlocal',
  Pass: 'pass',
  Break: 'break',
  Continue: 'continue',
  Import: 'import',
  ImportFrom: 'importFrom',
  If: 'if',
  For: 'for',
  AsyncFor: 'for',
  While: 'while',
  With: 'with',
  AsyncWith: 'with',
  Try: 'try',
  TryStar: 'try',
  Match: 'match',
  FunctionDef: 'function',
  AsyncFunctionDef: 'function',
  ClassDef: 'class',
};

interface File {
  readonly path: string;
  readonly statements: readonly (readonly [line: number, column: number, kind: string])[];
}

let files: File[];
beforeAll(async () => {
  const done = spawnSync('python3', ['-c', cpython], { encoding: 'utf8', maxBuffer: 1 << 28 });
  files = JSON.parse(done.stdout) as File[];
}, 60_000);

const statementKinds = new Set(Object.values(kinds));

function statementsOf(module: Module): Statement[] {
  const found: Statement[] = [];
  const pending: Node[] = [...module.body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (statementKinds.has(node.kind)) found.push(node as Statement);
    pending.push(...childrenOf(node));
  }
  return found;
}

function isNested(module: Module): string | null {
  const pending: [Node, number, number][] = module.body.map((node) => [
    node,
    0,
    module.text.length,
  ]);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, start, end] = next;
    if (node.start < start || node.end > end || node.end < node.start)
      return `${node.kind} ${node.start}-${node.end} in ${start}-${end}`;
    for (const child of childrenOf(node)) pending.push([child, node.start, node.end]);
  }
  return null;
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

test('statements are those of CPython, on the same lines, in the whole standard library', () => {
  expect(files.length).toBeGreaterThan(150);
  const wrong: string[] = [];
  for (const { path, statements } of files) {
    const text = readFileSync(path, 'utf8');
    const module = parseFile(text);
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      starts.push(at + 1);
    const count = (list: readonly string[]): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const entry of list) counts.set(entry, (counts.get(entry) ?? 0) + 1);
      return counts;
    };
    const ours = count(
      statementsOf(module).map(({ kind, start }) => {
        let low = 0;
        let high = starts.length - 1;
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if ((starts[middle] as number) <= start) low = middle;
          else high = middle - 1;
        }
        return `${kind} ${low + 1}`;
      }),
    );
    const theirs = count(statements.map(([line, , kind]) => `${kinds[kind] ?? kind} ${line}`));
    for (const [entry, times] of theirs)
      if (ours.get(entry) !== times) wrong.push(`${path}: ${entry} is missing`);
    for (const [entry] of ours) if (!theirs.has(entry)) wrong.push(`${path}: ${entry} is too much`);
    if (module.broken) wrong.push(`${path}: broken`);
    const nesting = isNested(module);
    if (nesting !== null) wrong.push(`${path}: ${nesting}`);
  }
  expect(wrong.slice(0, 20)).toEqual([]);
}, 60_000);

test('nothing that is cut, torn or mixed throws, and spans stay inside', () => {
  const snippets = [
    '(',
    ')',
    '[',
    '"""',
    "f'{",
    '}',
    ':',
    '\\',
    '\n',
    '    ',
    '\t',
    '%%time\n',
    '!ls\n',
    'é𝄞',
    '\0',
    '\uD800',
    'lambda ',
    '*',
    'async ',
  ];
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.nat(200),
      fc.constantFrom(...snippets),
      (which, at, length, snippet) => {
        const file = files[which % files.length] as File;
        const whole = readFileSync(file.path, 'utf8').slice(0, 4_000);
        const place = at % whole.length;
        for (const text of [
          whole.slice(0, place),
          whole.slice(0, place) + snippet + whole.slice(place + length),
        ]) {
          const module = parseFile(text);
          expect(isNested(module)).toBeNull();
          expect(module.text).toBe(text);
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

describe('what is not finished', () => {
  test('an attribute without a name is broken, and what follows is still read', () => {
    const module = parseFile('import torch\nx = torch.\n\n\ndef f():\n    return 1\n');
    expect(module.broken).toBe(true);
    expect(statementsOf(module).map(({ kind }) => kind)).toContain('function');
  });

  test('a broken cell harms no other', () => {
    const module = parseNotebook(['x = (', 'import torch\ny = 1']);
    expect(module.broken).toBe(true);
    const kindsFound = module.body.map(({ kind }) => kind);
    expect(kindsFound.slice(-2)).toEqual(['import', 'assign']);
    expect(lineOf(module.text, module.body.at(-1)?.start ?? 0)).toBe(3);
  });
});

describe('lines of IPython', () => {
  test.each([
    '%matplotlib inline\nx = 1',
    '!pip install torch\nx = 1',
    'files = !ls\nx = 1',
    '%%time\nx = 1',
    '%timeit -n 10 -r3 f(y)\nx = 1',
    '%time !ls\nx = 1',
    '%time x = 1',
    'torch.zeros?\nx = 1',
    '!pip install torch\r\nx = 1',
    'if y:\r\n    !pip install torch\r\nx = 1',
    '!pip install \\\n  torch \\\n  --pre\nx = 1',
    '%pip install \\\r\n  torch\r\nx = 1',
    'files = !ls \\\n  -l (\nx = 1',
    '%timeit f(y) + \\\n  2\nx = 1',
    '  %env A=b\nx = 1',
  ])('%j keeps its length and the code below', (text) => {
    expect(maskMagics(text, true).masked).toHaveLength(text.length);
    const module = parseNotebook([text]);
    expect(module.broken).toBe(false);
    expect(module.body.at(-1)).toMatchObject({ kind: 'assign', start: text.lastIndexOf('x = 1') });
  });

  test('what %timeit times is code', () => {
    const { body } = parseNotebook(['%timeit -n 10 f(y)  # twice']);
    const code = body.find((each) => each.kind === 'expression' && each.value.kind === 'call');
    expect(code).toMatchObject({ start: 14, end: 18 });
    expect(body.find(({ kind }) => kind === 'magic')).toMatchObject({ start: 0, end: 13 });
  });

  test('a percent that divides is none', () => {
    expect(maskMagics('y = (a\n  %b)\nz = "%s" % y', true).magics).toEqual([]);
  });

  test('a cell of another language has no code', () => {
    expect(parseNotebook(['%%bash\nx = 1; echo $x']).body.map(({ kind }) => kind)).toEqual([
      'magic',
    ]);
  });
});
