import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFile, parseWhole } from '../../server/src/syntax/parser.ts';
import type { Expression, Module, Node, Statement } from '../../server/src/syntax/tree.ts';
import { childrenOf } from '../../server/src/syntax/visit.ts';
import { readBlocks } from '../rules/rulePage.ts';

const rulesFolder = join(import.meta.dirname, '../../server/src/rules');
const examples = globSync('*/*.md', { cwd: rulesFolder })
  .sort()
  .flatMap((page) => readBlocks(readFileSync(join(rulesFolder, page), 'utf8')))
  .map(({ code }) => code)
  .filter((code) => !code.includes('# %%') && !parseWhole(code).broken);

/** Lines that somebody is writing. */
const unfinished = [
  ...['x = torch.', 'x = ', 'y = foo(a,', 'y = foo(a, b=', 'x = [1, 2', 'd = {"a": ', 'a, b = (1,'],
  ...['def f(', 'def ', 'class A(', 'class', 'for i in', 'for ', 'if x', 'if x = 3:', 'while', '@'],
  ...[
    'with open(x) as',
    'return (',
    'import ',
    'from torch import',
    'assert',
    'del',
    'raise A from',
  ],
  ...[
    "s = 'abc",
    'x = f"{a',
    'x = f"{a:',
    'lambda',
    'lambda x:',
    ')',
    'x = = 1',
    'x = 1 2',
    '$',
    '?',
  ],
  ...[
    'x = y if z',
    'x: ',
    'x += ',
    'not',
    'await',
    'f(**',
    'f(*',
    'x[',
    'x[1:',
    'print "a"',
    '0777L',
  ],
];

const simple = new Set<string>(['expression', 'assign', 'return', 'import', 'importFrom']);
const isSimple = (node: Node): node is Statement => simple.has(node.kind);

function simpleStatements(module: Module): Statement[] {
  const found: Statement[] = [];
  const walk = (node: Node): void => {
    if (isSimple(node)) found.push(node);
    for (const child of childrenOf(node)) walk(child);
  };
  for (const statement of module.body) walk(statement);
  return found;
}

test('a line that is not finished harms no statement on other lines', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...examples),
      fc.nat(),
      fc.constantFrom(...unfinished),
      (text, which, line) => {
        const statements = simpleStatements(parseWhole(text));
        const place = statements[which % statements.length] as Statement;
        const at = text.lastIndexOf('\n', place.start) + 1;
        const indent = /^[ \t]*/.exec(text.slice(at))?.[0] ?? '';
        // Behind a header on its own line there is no room for another line.
        if (text.slice(at, place.start).trim() !== '') return;
        const inserted = `${indent}${line}\n`;
        const module = parseFile(text.slice(0, at) + inserted + text.slice(at));
        const found = new Set(
          simpleStatements(module).map(({ kind, start }) => `${kind} ${start}`),
        );
        const lost = statements
          .map(({ kind, start }) => `${kind} ${start < at ? start : start + inserted.length}`)
          .filter((entry) => !found.has(entry));
        expect(lost, module.text).toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
}, 60_000);

/** The first statement, and what its value is. */
function firstValue(text: string): Expression | undefined {
  const [statement] = parseFile(text).body;
  return statement?.kind === 'assign' ? statement.value : undefined;
}

describe('what is read of a line with an error', () => {
  test('the object whose attribute is still missing', () => {
    expect(firstValue('x = torch.\ny = 1\n')).toMatchObject({
      kind: 'broken',
      parts: [{ kind: 'name', id: 'torch' }],
    });
  });

  test('the arguments of a call that is still open', () => {
    expect(firstValue('x = f(torch.zeros(2),\ny = 1\n')).toMatchObject({
      kind: 'call',
      args: [{ value: { kind: 'call' } }],
    });
  });

  test('the arguments around one that is missing, over several lines', () => {
    const call = firstValue('x = f(\n    a=g(1),\n    b=torch.,\n    c=h(2),\n)\n');
    expect(
      call?.kind === 'call' && call.args.map(({ name, value }) => [name?.text, value.kind]),
    ).toEqual([
      ['a', 'call'],
      ['b', 'broken'],
      ['c', 'call'],
    ]);
  });

  test('the block below a header', () => {
    const { body, broken } = parseFile('def f(a, b:\n    return g(a)\nx = 1\n');
    expect(broken).toBe(true);
    expect(body).toMatchObject([
      { kind: 'function', body: [{ kind: 'return' }] },
      { kind: 'assign' },
    ]);
  });

  test('a block without a colon before it', () => {
    expect(parseFile('if x\n    y = 1\nz = 2\n').body).toMatchObject([
      { kind: 'if', body: [{ kind: 'assign' }] },
      { kind: 'assign' },
    ]);
  });

  test('the statements below a print of Python 2', () => {
    const { body, broken } = parseFile('print "a"\nx = 1\n');
    expect(broken).toBe(true);
    expect(body.map(({ kind }) => kind)).toEqual(['brokenStatement', 'assign']);
  });

  test('what is indented for no reason does not pass for what it says', () => {
    expect(parseFile('x = 1\n    y = 2\nz = 3\n').body.map(({ kind }) => kind)).toEqual([
      'assign',
      'brokenStatement',
      'assign',
    ]);
  });
});

test.each<[string, string]>([
  ['brackets', `x = ${'['.repeat(20_000)}`],
  ['signs', `x = ${'-'.repeat(20_000)}1`],
  ['conditions', `x = ${'a if b else '.repeat(20_000)}1`],
  ['calls', `x = a${'(1)'.repeat(20_000)}`],
  ['formatted strings', `x = ${'f"{'.repeat(5_000)}1${'}"'.repeat(5_000)}`],
  ['blocks', Array.from({ length: 1_500 }, (_, i) => `${' '.repeat(i)}if x:\n`).join('')],
  ['strings that nothing closes', '"""\n'.repeat(5_001)],
])('thousands of %s in one another neither throw nor hide the next line', (_, text) => {
  const { body } = parseFile(`${text}\ny = 2\n`);
  expect(body.at(-1)).toMatchObject({ kind: 'assign' });
});
