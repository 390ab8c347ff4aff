import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver-protocol';
import { ServerProcess } from './serverProcess.ts';

const uri = 'file:///project/bench.py';

let server: ServerProcess;
afterEach(async () => {
  expect(await server.stop()).toBe(0);
});

/** The text as an editor shows it: each hint where it belongs, in guillemets. */
function shown(text: string, hints: readonly InlayHint[]): string {
  const lines = text.split('\n');
  const later = [...hints].sort((a, b) => b.position.character - a.position.character);
  for (const { position, label } of later) {
    const line = lines[position.line] ?? '';
    lines[position.line] =
      `${line.slice(0, position.character)}«${String(label)}»${line.slice(position.character)}`;
  }
  return lines.join('\n');
}

async function shownFor(text: string, inlayHints: object = {}): Promise<string> {
  server = await ServerProcess.start({ settings: { inlayHints } });
  await server.open(uri, text);
  return shown(text, await server.inlayHints(uri));
}

const bench = `import time
import mlx.core as mx

a = mx.ones((512, 512))
b = mx.ones((512, 512))
t0 = time.perf_counter()
for _ in range(20):
    c = a @ b
mx.eval(c)
dt = time.perf_counter() - t0
d = a + 1
`;

test('a timed window shows what is lazy in it, and what computes', async () => {
  const text = await shownFor(bench, { values: 'off' });
  expect(text).toContain('a«lazy» = mx.ones');
  expect(text).toContain('c«lazy» = a @ b');
  expect(text).toContain('mx.eval(c)«evaluated here»');
  expect(text).toContain('d = a + 1');
});

test('all laziness, when it is asked for, and none', async () => {
  expect(await shownFor(bench, { values: 'off', laziness: 'all' })).toContain('d«lazy» = a + 1');
  await server.stop();
  expect(await shownFor(bench, { values: 'off', laziness: 'off' })).toBe(bench);
});

const torch = `import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.randn(8192, 8192, device=device)
y = x @ x
z = y.cpu()
model = torch.nn.Linear(8, 8)
model = model.to(device)
name = "mps"
`;

test('a device that is chosen, and what is made on it or moved', async () => {
  const text = await shownFor(torch);
  expect(text).toContain('device«mps» = "cuda"');
  expect(text).toContain('x«mps · float32 · 8192 x 8192» = torch.randn');
  expect(text).toContain('\ny = x @ x');
  expect(text).toContain('\nz = y.cpu()');
  expect(text).toContain('\nmodel = torch.nn');
  expect(text).toContain('model«mps» = model.to');
  expect(text).toContain('\nname = "mps"');
});

test('every value, when it is asked for', async () => {
  const text = await shownFor(torch, { values: 'all' });
  expect(text).toMatch(/\ny«mps · float32[^»]*» = x @ x/);
  expect(text).toMatch(/\nz«cpu · float32[^»]*» = y/);
  expect(text).toContain('\nmodel«cpu» = torch.nn');
});

test('a dtype that nobody wrote', async () => {
  const text = await shownFor(
    `import mlx.core as mx
import numpy as np
import torch
a = mx.zeros((2, 2), dtype=mx.float16)
b = a * mx.array(0.5)
i = mx.argmax(a)
c = mx.zeros(3)
d = a + a
m = a > 0
x = torch.from_numpy(np.zeros(3))
y = torch.zeros(3, dtype=torch.float64)
`,
  );
  expect(text).toContain('b«float32 · 2 x 2» = a *');
  expect(text).toMatch(/i«uint32[^»]*» = mx.argmax/);
  expect(text).toMatch(/x«cpu · float64[^»]*» = torch/);
  expect(text.match(/«/g)).toHaveLength(3);
});

test('a tooltip says why, with the line that decided', async () => {
  server = await ServerProcess.start();
  await server.open(uri, torch);
  const hint = (await server.inlayHints(uri)).find(({ position }) => position.line === 3);
  expect(hint?.tooltip).toMatchObject({
    kind: 'markdown',
    value: expect.stringMatching(
      /mps is chosen at \[line 3\]\(file:.*#L3\) because on a Mac CUDA is not available and MPS is available/,
    ),
  });
});

test('what the runs of a function do not agree on is not shown', async () => {
  const text = `import torch
def f(x):
    y = x.float()
f(torch.zeros(1, device="mps"))
f(torch.zeros(1))
`;
  expect(await shownFor(text)).not.toContain('mps ·');
});

test('changed settings ask the editor to look again', async () => {
  const text = await shownFor(torch);
  expect(text).toContain('«');
  await server.hintRefreshes(1);
  server.settings = { inlayHints: { values: 'off' } };
  await server.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await server.hintRefreshes(2);
  expect(await server.inlayHints(uri)).toEqual([]);
});

test('findings can be off while hints are on', async () => {
  server = await ServerProcess.start({ settings: { lint: { enable: false } } });
  await server.open(uri, torch);
  expect(await server.inlayHints(uri)).not.toEqual([]);
  expect(await server.diagnostics(uri)).toEqual([]);
});

test('a wrong setting keeps its default, and the log says so', async () => {
  const text = await shownFor(bench, { laziness: 'always' });
  expect(text).toContain('c«lazy');
  expect(server.log.join('\n')).toContain('smelt.inlayHints.laziness is none of off, timedWindows');
});

test('the hints of a cell stay in it', async () => {
  server = await ServerProcess.start();
  const cell = (name: string): string => `vscode-notebook-cell:/n.ipynb#${name}`;
  const texts = [
    'import torch\nd = torch.device("mps")\nx = torch.zeros(2, device=d)\n',
    'y = torch.ones(2).to(d)\n',
  ];
  await server.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: 'file:///n.ipynb',
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: texts.map((_, i) => ({ kind: 2, document: cell(String(i)) })),
    },
    cellTextDocuments: texts.map((text, i) => ({
      uri: cell(String(i)),
      languageId: 'python',
      version: 1,
      text,
    })),
  });
  expect(shown(texts[0] ?? '', await server.inlayHints(cell('0')))).toContain(
    'x«mps · float32 · 2» = ',
  );
  expect(shown(texts[1] ?? '', await server.inlayHints(cell('1')))).toBe(
    'y«mps · float32 · 2» = torch.ones(2).to(d)\n',
  );
  // An edit of the first cell is news for the second.
  const refreshed = server.hintRefreshes(2);
  await server.connection.sendNotification('notebookDocument/didChange', {
    notebookDocument: { uri: 'file:///n.ipynb', version: 2 },
    change: {
      cells: {
        textContent: [
          {
            document: { uri: cell('0'), version: 2 },
            changes: [{ text: 'import torch\nd = torch.device("cpu")\n' }],
          },
        ],
      },
    },
  });
  await refreshed;
  expect(shown(texts[1] ?? '', await server.inlayHints(cell('1')))).toContain('y«cpu ·');
});

test.each([
  ['without torch and MLX', 'import numpy as np\nx = np.zeros(3)\n'],
  ['of broken code', 'import torch\nx = torch.zeros(\ny = torch.'],
  ['without anything', ''],
])('a file %s has none', async (_what, text) => {
  expect(await shownFor(text)).toBe(text);
});

test('the quickstart shows what it is about', async () => {
  const folder = join(import.meta.dirname, '../workspaces/quickstart');
  const text = await shownFor(readFileSync(join(folder, 'bench_mlx.py'), 'utf8'));
  expect(text).toContain('«lazy');
  expect(text).toContain('«evaluated here»');
});
