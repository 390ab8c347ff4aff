import { expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { applyFixes } from '../../server/src/engine/applyFixes.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import type { Finding } from '../../server/src/rules/finding.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile, parseNotebook } from '../../server/src/syntax/parser.ts';

const first = `import time
import mlx.core as mx
a = mx.ones((64, 64))
mx.eval(a)
t = time.time()
b = a @ a`;

const find = (...cells: readonly string[]): readonly Finding[] =>
  analyze(parseNotebook(cells), defaultLintSettings, unknownEnvironment).findings;

const codes = (...cells: readonly string[]): string[] =>
  find(first, ...cells, 'print(time.time() - t)').map(({ code }) => code);

test('a notebook computes what a cell shows', () => {
  expect(codes('c = 1')).toEqual(['MLX101']);
  expect(codes('b')).toEqual([]);
  expect(codes('b.sum()')).toEqual([]);
  expect(codes('b.shape')).toEqual(['MLX101']);
});

test('a semicolon and an assignment show nothing, and neither does a line that others follow', () => {
  expect(codes('b;')).toEqual(['MLX101']);
  expect(codes('c = b')).toEqual(['MLX101']);
  expect(codes('b\nc = 1')).toEqual(['MLX101']);
});

test('a file shows nothing', () => {
  const text = `${first}\nprint(time.time() - t)\nb\n`;
  const { findings } = analyze(parseFile(text), defaultLintSettings, unknownEnvironment);
  expect(findings.map(({ code }) => code)).toEqual(['MLX101']);
});

test('what %%timeit times ends with its cell, and its last line is not shown', () => {
  const timed = find(
    'import mlx.core as mx\na = mx.ones((64, 64))',
    '%%timeit\na @ a',
    'mx.eval(a)',
  );
  expect(timed.map(({ code }) => code)).toEqual(['MLX101']);
});

test('a line after the last one of a cell stays in the cell', () => {
  const cells = ['import mlx.core as mx\na = mx.ones((64, 64))', '%%time\nb = a @ a', 'print(b)'];
  const [finding] = find(...cells);
  expect(finding?.code).toBe('MLX101');
  const text = cells.join('\n');
  const [edit] = finding?.fixes[0]?.edits() ?? [];
  const secondEnd = text.length - '\nprint(b)'.length;
  expect(edit).toEqual({ start: secondEnd, end: secondEnd, text: '\nmx.eval(b)' });
});

test('a fix at the end of a file without a line break begins a new line', () => {
  const code = `import torch
if torch.cuda.is_available():
    device = "cuda"
else:
    device = "cpu"`;
  const text = `${code}\ntorch.ones(3, device=device)`;
  const find = (current: string): readonly Finding[] =>
    analyze(parseFile(current), defaultLintSettings, unknownEnvironment).findings;
  expect(applyFixes(text, find, 'unsafe').text).toContain(
    'device = "cuda"\nelif torch.backends.mps.is_available():\n    device = "mps"\nelse:',
  );
});

test.each(['mx.eval(b\nprint(time.time() - t)\n', 'mx.eval(b,\nprint(time.time() - t)\n'])(
  'what is being typed may evaluate what is timed: %j',
  (rest) => {
    const module = parseFile(`${first}\n${rest}`);
    expect(module.broken).toBe(true);
    expect(analyze(module, defaultLintSettings, unknownEnvironment).findings).toEqual([]);
  },
);
