import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cellAtLine,
  percentCells,
  titleOf,
  wholeFile,
} from '../../client/src/cells/percentCells.ts';
import { relocate } from '../../client/src/cells/relocate.ts';

const firstLines = (text: string): number[] => percentCells(text).map(({ first }) => first);

describe('cells of a file', () => {
  test('begin at their markers and end before blank lines', () => {
    expect(percentCells('# %%\na = 1\n\n\n# %% Title\nb = 2\n')).toEqual([
      { first: 0, code: 1, last: 1 },
      { first: 4, code: 5, last: 5 },
    ]);
  });

  test('code before the first marker is one, a docstring and comments are none', () => {
    expect(firstLines('\nimport torch\n# %%\nx\n')).toEqual([1, 2]);
    expect(firstLines('"""What\n\nthis is."""\n# note\n# %%\nx\n')).toEqual([4]);
    expect(firstLines("#!/usr/bin/env python\nr'''raw'''\n# %%\n")).toEqual([2]);
  });

  test('Markdown is none, other spellings of the marker are', () => {
    expect(firstLines('# %% [markdown]\n# text\n#%%\nx\n# %%[md]\n#  %% y\n')).toEqual([2, 5]);
    expect(firstLines('x = "# %%"\n  # %% indented\n')).toEqual([]);
  });

  test('a marker inside a string is text; a string that nothing closes hides none', () => {
    expect(firstLines('# %%\nx = """\n# %% text\n"""\n# %%\ny\n')).toEqual([0, 4]);
    expect(firstLines("# %%\nx = f'''{1}\n# %% text'''\n# %%\ny\n")).toEqual([0, 3]);
    expect(firstLines('# %%\nx = """\n# %% typed next\ny\n')).toEqual([0, 2]);
    expect(firstLines('# %% it\'s """\nx\n# %% """\ny\n')).toEqual([0, 2]);
    expect(firstLines("# %%\nx = '\n# %%\ny\n")).toEqual([0, 2]);
  });

  test('every ending of lines counts the same', () => {
    expect(percentCells('# %%\r\na\r\n# %%\r\nb')).toEqual(percentCells('# %%\na\n# %%\nb'));
  });

  test('a file without markers is one cell, a blank one none', () => {
    expect(wholeFile('a\nb\n\n')).toEqual({ first: 0, code: 0, last: 1 });
    expect(wholeFile('\n  \n')).toBeNull();
    expect(percentCells('')).toEqual([]);
  });

  test('a line belongs to the cell above it', () => {
    const cells = percentCells('"""doc"""\n# %%\na\n\n# %%\nb\n');
    expect(cellAtLine(cells, 3)?.first).toBe(1);
    expect(cellAtLine(cells, 4)?.first).toBe(4);
    expect(cellAtLine(cells, 0)?.first).toBe(1);
    expect(cellAtLine([], 0)).toBeUndefined();
  });
});

describe('the lines of a result', () => {
  const before = ['# %%', 'a = 1', '', '# %%', 'b = 2'];

  /** Where the cell `b` is after `lines` took the place of `count` lines at `start`. */
  const place = (start: number, end: number, lines: readonly string[]): number | null => {
    const after = [...before.slice(0, start), ...lines, ...before.slice(end + 1)];
    return relocate(
      3,
      2,
      [{ start, end, count: lines.length }],
      (first) => after[first] === '# %%' && after[first + 1] === 'b = 2',
    );
  };

  test('move with what is above, stay with what is below, and go when they are edited', () => {
    expect(place(0, 0, ['# note', '# %%'])).toBe(4);
    expect(place(1, 2, ['a = 1'])).toBe(2);
    expect(place(4, 4, ['b = 2', 'c = 3'])).toBe(3);
    expect(place(3, 3, ['# new', '# %%'])).toBe(4);
    expect(place(4, 4, ['b = 3'])).toBeNull();
    expect(place(0, 4, [])).toBeNull();
  });

  test('are found after any edit that leaves them whole', () => {
    const line = fc.constantFrom('x', '', '# %% other');
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.nat(3),
        fc.array(line, { maxLength: 4 }),
        (start, removed, inserted) => {
          const text = ['u', 'v', '# CELL', 'code', 'w', 'x', 'y'];
          const end = Math.min(start + removed, text.length - 1);
          // An edit of whole lines: line `start` gets new lines before it and keeps its text.
          const after = [...text.slice(0, start), ...inserted, ...text.slice(end)];
          const change = { start, end, count: inserted.length + 1 };
          const wanted = after.indexOf('# CELL');
          const isThere = (first: number): boolean =>
            after[first] === '# CELL' && after[first + 1] === 'code';
          const found = relocate(2, 2, [change], isThere);
          expect(found).toBe(wanted >= 0 && isThere(wanted) ? wanted : null);
        },
      ),
    );
  });
});

test('a cell is called by the title of its marker, or by its first line of code', () => {
  expect(titleOf('# %% Train the model\nx = 1')).toBe('Train the model');
  expect(titleOf('# %%\n\n  x = 1\ny = 2')).toBe('x = 1');
  expect(titleOf('import torch\n')).toBe('import torch');
  expect(titleOf('# %%')).toBe('Cell');
});
