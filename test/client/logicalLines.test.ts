import { expect, test } from 'vitest';
import { dedented, statementAt } from '../../client/src/cells/logicalLines.ts';

const text = `import torch

@decorated
@twice(
    1,
)
def f(x):
    """Doc
    string"""
    return (
        x
    )

if a:
    b = [
        1,
    ]
elif c:
    pass
else:
    d()
x = 1 + \\
    2  # a comment
y = "it's # no comment"
try:
    g()
except E:
    h()`;
const lines = text.split('\n');
const at = (needle: string): string => {
  const { first, last } = statementAt(
    lines,
    lines.findIndex((line) => line.includes(needle)),
  );
  return `${lines[first]?.trim()} … ${lines[last]?.trim()}`;
};

test('a line stands for its whole statement', () => {
  expect(at('import torch')).toBe('import torch … import torch');
  expect(at('x = 1')).toBe('x = 1 + \\ … 2  # a comment');
  expect(at('    2  #')).toBe('x = 1 + \\ … 2  # a comment');
  expect(at("it's")).toBe('y = "it\'s # no comment" … y = "it\'s # no comment"');
});

test('a compound statement has its body, its clauses and its decorators', () => {
  expect(at('def f')).toBe('@decorated … )');
  expect(at('@twice')).toBe('@decorated … )');
  expect(at('if a')).toBe('if a: … d()');
  expect(at('else:')).toBe('if a: … d()');
  expect(at('elif c')).toBe('if a: … d()');
  expect(at('except E')).toBe('try: … h()');
});

test('`case` is a clause of match, and a name elsewhere', () => {
  const cases = [
    'x = 0',
    'case = 1',
    'match x:',
    '    case 1:',
    '        a()',
    '    case _:',
    '        b()',
  ];
  expect(statementAt(cases, 1)).toEqual({ first: 1, last: 1 });
  expect(statementAt(cases, 2)).toEqual({ first: 2, last: 6 });
  expect(statementAt(cases, 5)).toEqual({ first: 2, last: 6 });
});

test('a line inside a block stands for the statement there', () => {
  expect(at('string"""')).toBe('"""Doc … string"""');
  expect(at('return (')).toBe('return ( … )');
  expect(at('b = [')).toBe('b = [ … ]');
});

test('a blank line stands for the next statement, and nothing throws on broken text', () => {
  expect(statementAt(['', '', 'x = 1'], 0)).toEqual({ first: 2, last: 2 });
  expect(statementAt(['f(', '  1,'], 0)).toEqual({ first: 0, last: 1 });
  expect(statementAt(['"""open'], 0)).toEqual({ first: 0, last: 0 });
  expect(statementAt([], 0)).toEqual({ first: 0, last: 0 });
  for (let cut = 0; cut <= lines.length; cut += 1) {
    for (let line = 0; line < cut; line += 1) {
      const { first, last } = statementAt(lines.slice(0, cut), line);
      expect(first).toBeLessThanOrEqual(last);
      expect(last).toBeLessThan(cut);
    }
  }
});

test('lines of a block lose the indentation that they share', () => {
  expect(dedented(['    a', '', '      b'])).toEqual(['a', '', '  b']);
  expect(dedented([])).toEqual([]);
});
