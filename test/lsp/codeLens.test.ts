import { afterEach, describe, expect, test } from 'vitest';
import type { CodeLens } from 'vscode-languageserver-protocol';
import { ServerProcess } from './serverProcess.ts';

const uri = 'file:///project/bench.py';

let server: ServerProcess;
afterEach(async () => {
  expect(await server.stop()).toBe(0);
});

async function lensesOf(text: string, settings: object = {}): Promise<CodeLens[]> {
  server = await ServerProcess.start({ settings });
  await server.open(uri, text);
  return server.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
}

const titles = async (text: string): Promise<string[]> =>
  (await lensesOf(text)).map(({ command }) => command?.title ?? '');

const torch = `import time
import torch
a = torch.randn(512, 512, device="mps")
torch.mps.synchronize()
`;
const mlx = `import time
import mlx.core as mx
a = mx.random.normal((512, 512))
b = mx.random.normal((512, 512))
`;
const timed = (body: string): string =>
  `t0 = time.perf_counter()\n${body}dt = time.perf_counter() - t0\n`;

describe('what a timed window measures', () => {
  test.each([
    [
      'enqueueing',
      torch + timed('for _ in range(20):\n    c = a @ a\n'),
      'Times the enqueueing of 20 matmuls on mps, not their computation',
    ],
    [
      'one matmul enqueued',
      torch + timed('c = torch.matmul(a, a)\n'),
      'Times the enqueueing of 1 matmul on mps, not its computation',
    ],
    [
      'work that is waited for',
      torch + timed('for _ in range(20):\n    c = a @ a\ntorch.mps.synchronize()\n'),
      'Measures 20 matmuls on mps, synchronised',
    ],
    [
      'work whose result is printed',
      `${torch}${timed('c = a @ a\nprint(c.sum().item())\n')}`,
      'Measures 1 matmul and 1 sum call on mps, synchronised',
    ],
    [
      'what was enqueued before, too',
      `${torch}b = a @ a\n${timed('c = b.sum().item()\n')}`,
      'Measures 1 sum call on mps, synchronised, and what was enqueued before',
    ],
    [
      'rounds by a name',
      `${torch}N = 7\n${timed('for i in range(N):\n    for j in range(2, 10, 2):\n        c = a @ a\ntorch.mps.synchronize()\n')}`,
      'Measures 28 matmuls on mps, synchronised',
    ],
    [
      'rounds that nobody knows',
      `${torch}def f(n):\n    t0 = time.perf_counter()\n    for _ in range(n):\n        c = a @ a\n    torch.mps.synchronize()\n    return time.perf_counter() - t0\n`,
      'Measures matmuls on mps, synchronised',
    ],
    [
      'recording',
      mlx + timed('for _ in range(20):\n    c = a @ b\n'),
      'Times the recording of 20 matmuls: nothing is computed',
    ],
    [
      'inputs, and the last result',
      mlx + timed('for _ in range(20):\n    c = a @ b\nmx.eval(c)\n'),
      'Measures: making a and b, 1 matmul of 20',
    ],
    [
      'everything that is evaluated',
      `${mlx}mx.eval(a, b)\n${timed('for _ in range(20):\n    c = a @ b\n    mx.eval(c)\n')}`,
      'Measures 20 matmuls, evaluated',
    ],
    [
      'a chain, which is computed whole',
      `${mlx}mx.eval(a, b)\nc = a\n${timed('for _ in range(5):\n    c = c @ b\nmx.eval(c)\n')}`,
      'Measures 5 matmuls, evaluated',
    ],
    [
      'a window in a loop',
      `${mlx}for _ in range(3):\n    t0 = time.perf_counter()\n    mx.eval(a @ b)\n    dt = time.perf_counter() - t0\n`,
      'Measures 1 matmul, evaluated; the first time also making a and b',
    ],
  ])('%s', async (_what, text, title) => expect(await titles(text)).toEqual([title]));

  test.each([
    ['without a device that is timed', timed('x = 1 + 1\n')],
    [
      'that may wait by printing',
      `${torch}def f(x):\n    ${timed('c = a @ a\nprint(x)\n').replaceAll('\n', '\n    ')}\n`,
    ],
    ['with code that nobody knows', torch + timed('c = a @ a\nstep(c)\n')],
    [
      'with branches that differ',
      torch + timed('if FLAG:\n    c = a @ a\nelse:\n    c = a.sum()\n'),
    ],
    ['of both frameworks', torch + mlx + timed('c = torch.ones(1, device="mps")\nd = b @ b\n')],
  ])('nothing is said of a window %s', async (_what, text) =>
    expect(await titles(text)).toEqual([]),
  );
});

test('a lens stands at the clock that starts, and opens the page about it', async () => {
  const [lens] = await lensesOf(torch + timed('c = a @ a\n'));
  expect(lens?.range.start).toEqual({ line: 4, character: 0 });
  expect(lens?.command).toMatchObject({
    command: 'smelt.showRule',
    arguments: ['unsynced-timing'],
  });
});

test('where nothing is wrong it shows the lines', async () => {
  const [lens] = await lensesOf(torch + timed('c = a @ a\ntorch.mps.synchronize()\n'));
  expect(lens?.command).toMatchObject({
    command: 'smelt.showTimedWindow',
    arguments: [
      uri,
      { line: 4, character: 0 },
      [{ range: { start: { line: 5 } } }, { range: { start: { line: 6 } } }],
    ],
  });
});

test('lenses can be off', async () => {
  const text = torch + timed('c = a @ a\n');
  expect(await lensesOf(text, { codeLens: { timedWindows: false } })).toEqual([]);
});
