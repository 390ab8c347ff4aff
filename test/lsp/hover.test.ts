import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { Hover } from 'vscode-languageserver-protocol';
import { install, makeEnvironment, temporaryFolder } from '../files/madeEnvironment.ts';
import type { ServerOptions } from './serverProcess.ts';
import { ServerProcess } from './serverProcess.ts';

let uri = 'file:///project/train.py';

let server: ServerProcess;
afterEach(async () => {
  expect(await server.stop()).toBe(0);
});

/** The hover of the place that `|` marks. */
async function hoverIn(marked: string, options: ServerOptions = {}): Promise<string> {
  const at = marked.indexOf('|');
  const before = marked.slice(0, at).split('\n');
  server = await ServerProcess.start(options);
  await server.open(uri, marked.replace('|', ''));
  const hover = await server.connection.sendRequest<Hover | null>('textDocument/hover', {
    textDocument: { uri },
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  });
  return hover === null ? '' : (hover.contents as { value: string }).value;
}

const torch = 'import torch\nimport torch.nn.functional as F\n';
const mlx = 'import mlx.core as mx\n';

describe('a value', () => {
  const chosen = `${torch}device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.randn(8192, 8192, device=device)
`;

  test('says where it is and who decided that', async () => {
    const text = await hoverIn(`${chosen}print(x|)\n`);
    expect(text).toContain('**`x` PyTorch tensor · mps · float32 · 8192 x 8192**');
    expect(text).toContain(
      'mps is chosen at [line 3](file:///project/train.py#L3) because on a Mac CUDA is not available and MPS is available',
    );
    expect(text).toContain('[line 4](file:///project/train.py#L4)');
  });

  test('that came from NumPy shows its way', async () => {
    const text = await hoverIn(
      `import numpy as np\n${torch}a = np.zeros(3)\nx = torch.from_numpy(a)\ny = x.float()\nprint(y|)\n`,
    );
    expect(text).toMatch(
      /line 6.*`x\.float\(\)`[\s\S]*line 5.*`torch\.from_numpy\(a\)`[\s\S]*line 4.*`np\.zeros\(3\)`/,
    );
  });

  test('that its own line makes tells where that was made from, not that it was made there', async () => {
    const text = await hoverIn(
      `${torch}model = torch.nn.Linear(4, 2)\nx = torch.ones(3, 4)\ny| = model(x)\n`,
    );
    expect(text).toContain(
      'From what was made at [line 4](file:///project/train.py#L4) by `torch.ones(3, 4)`',
    );
    expect(text).not.toMatch(/^Made/m);
  });

  test('of branches that differ is either', async () => {
    const text = await hoverIn(
      `${torch}if FLAG:\n    x = torch.ones(1, device="mps")\nelse:\n    x = torch.ones(1)\nprint(x|)\n`,
    );
    expect(text).toContain('cpu or mps');
  });

  test('of MLX is lazy, and says what computes it', async () => {
    const text = await hoverIn(`${mlx}a = mx.ones(3)\nb| = a + 1\nmx.eval(b)\n`);
    expect(text).toContain('MLX array');
    expect(text).toContain('· lazy');
    expect(text).toContain(
      'computed only at [line 4](file:///project/train.py#L4) by `mx.eval(b)`',
    );
  });

  test('of MLX is computed after that', async () => {
    const text = await hoverIn(`${mlx}a = mx.ones(3)\nb = a + 1\nmx.eval(b)\nprint(a|)\n`);
    expect(text).toContain('· computed');
    expect(text).toContain('Computed at [line 4]');
  });

  test.each([
    ['that nothing is known of', `${torch}def f(x):\n    return x|\n`],
    ['that is a number', `${torch}n = 3\nprint(n|)\n`],
    [
      'in a branch that no Mac takes',
      `${torch}if torch.cuda.is_available():\n    x = torch.ones(1)\n    print(x|)\n`,
    ],
    ['in a file without torch and MLX', 'import numpy as np\na| = np.zeros(3)\n'],
  ])('%s has no hover', async (_what, text) => {
    expect(await hoverIn(text)).toBe('');
  });
});

describe('a name', () => {
  test('of torch is called something else in MLX, with other arguments', async () => {
    const text = await hoverIn(`${torch}torch.cat|([torch.ones(1)], dim=0)\n`);
    expect(text).toContain('**MLX** `mx.concatenate (alias mx.concat)`');
    expect(text).toContain('`dim` → axis');
    expect(text).toContain('gave the same on torch 2.13.0 and MLX 0.32.4');
  });

  test('of a method is known by what it is called on', async () => {
    const text = await hoverIn(`${torch}x = torch.ones(2, 2)\nx.trans|pose(0, 1)\n`);
    expect(text).toContain('`torch.Tensor.transpose`');
    expect(text).toContain('**MLX** `swapaxes`');
    expect(text).toContain('**Same name, other meaning.**');
  });

  test('of an MLX method is another one', async () => {
    const text = await hoverIn(`${mlx}x = mx.ones((2, 2))\nx.trans|pose(0, 1)\n`);
    expect(text).toContain('`mlx.core.array.transpose`');
    expect(text).toContain('**Same name, other meaning.**');
  });

  test('of MLX is called something else in PyTorch', async () => {
    const text = await hoverIn(`${mlx}mx.concaten|ate([mx.ones(1)], axis=0)\n`);
    expect(text).toContain('**PyTorch** `torch.cat`');
    expect(text).toContain('`dim` → axis');
  });

  test('under another name is found', async () => {
    const text = await hoverIn(
      `${torch}from torch.nn.functional import cross_entropy as loss\nloss|(1, 2)\n`,
    );
    expect(text).toContain('`torch.nn.functional.cross_entropy`');
    expect(text).toContain('nn.losses.cross_entropy');
  });

  test('that MLX has nothing for says so', async () => {
    expect(await hoverIn(`${torch}torch.nonzero|(torch.ones(1))\n`)).toContain(
      '**MLX** has nothing like it',
    );
  });

  test('without an MPS kernel says up to which version', async () => {
    const text = await hoverIn(`${torch}torch.linalg.eigh|(torch.ones(2, 2))\n`);
    expect(text).toContain(
      '**MPS** has no kernel for it up to torch 2.13.0, and has one in 2.14.1 (`aten::_linalg_eigh`).',
    );
    expect(text).toContain('PYTORCH_ENABLE_MPS_FALLBACK=1');
  });

  test.each([
    ['2.13.0', 'torch 2.13.0 is installed and lacks it'],
    ['2.14.1', 'torch 2.14.1 is installed and has it'],
    ['2.14.0', 'has one in 2.14.1'],
  ])('without an MPS kernel says what torch %s has', async (version, wanted) => {
    const root = temporaryFolder();
    const before = uri;
    try {
      install(makeEnvironment(join(root, '.venv')), 'torch', version);
      mkdirSync(join(root, 'src'), { recursive: true });
      uri = pathToFileURL(join(root, 'src/train.py')).href;
      const text = await hoverIn(`${torch}torch.linalg.eigh|(torch.ones(2, 2))\n`);
      expect(text).toContain(wanted);
      // Between two versions that were read nothing is certain.
      expect(text.includes('is installed')).toBe(version !== '2.14.0');
    } finally {
      uri = before;
      rmSync(root, { recursive: true });
    }
  });

  test('that laziness is about says what it does not do', async () => {
    expect(await hoverIn(`${mlx}mx.synchronize|()\n`)).toContain('lazy stay lazy');
  });

  test.each([
    ['of nobody', `${torch}def transpose(x):\n    return x\ntrans|pose(1)\n`],
    ['of NumPy', `${torch}import numpy as np\nnp.trans|pose(np.ones(2))\n`],
    ['in a string', `${torch}x = "torch.c|at"\n`],
    ['in a comment', `${torch}# torch.c|at\n`],
  ])('%s has no hover', async (_what, text) => {
    expect(await hoverIn(text)).toBe('');
  });
});

test('an environment variable says when it is read', async () => {
  const text = await hoverIn(`import os\n${mlx}os.environ["MLX_DISABLE|_COMPILE"] = "0"\n`);
  expect(text).toContain('`0` also disables compilation');
});

test('a finding comes first, and the rest follows', async () => {
  const text = await hoverIn(
    `import numpy as np\n${torch}x = torch.from_numpy(np.zeros(3)).t|o("mps")\n`,
  );
  expect(text.indexOf('float64-to-mps')).toBeGreaterThan(-1);
  expect(text.indexOf('`torch.Tensor.to`')).toBeGreaterThan(text.indexOf('The whole page'));
});

test('each kind can be off', async () => {
  const text = `${torch}x = torch.ones(2, device="mps")\nx.trans|pose(0, 1)\n`;
  expect(await hoverIn(text, { settings: { hover: { names: false } } })).toBe('');
  await server.stop();
  const value = `${torch}x| = torch.ones(2, device="mps")\n`;
  expect(await hoverIn(value, { settings: { hover: { values: false } } })).toBe('');
  await server.stop();
  const found = `${torch}x = torch.ones(2).t|o("cuda")\n`;
  const off = { lint: { enable: false }, hover: { names: false } };
  expect(await hoverIn(found, { settings: off })).toBe('');
});
