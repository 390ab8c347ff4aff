import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

const python = process.env['SMELT_TEST_PYTHON'];

/** `CODE line: message` of every finding. */
const found = (code: string): string[] =>
  analyze(parseFile(code), defaultLintSettings, unknownEnvironment).findings.map(
    ({ code: rule, start, message }) =>
      `${rule} ${code.slice(0, start).split('\n').length}: ${message}`,
  );

/** The statements of an article's listing for MLX, in their order. */
const mlxBench = `import mlx.core as mx
import time


def measure():
    left = mx.random.normal((512, 512), dtype=mx.float32)
    right = mx.random.normal((512, 512), dtype=mx.float32)
    product = mx.matmul(left, right)
    began = time.perf_counter()
    mx.eval(product)
    took = time.perf_counter() - began
    print(f"MLX: {took:.4f} s")
    return product


answer = measure()
`;

/** Inputs first, then the clock, the operation and its evaluation. */
const mlxFixed = `import mlx.core as mx
import time


def measure():
    left = mx.random.normal((512, 512), dtype=mx.float32)
    right = mx.random.normal((512, 512), dtype=mx.float32)
    mx.eval(left, right)
    began = time.perf_counter()
    product = mx.matmul(left, right)
    mx.eval(product)
    took = time.perf_counter() - began
    print(f"MLX: {took:.4f} s")
    return product


answer = measure()
`;

/** The statements of the article's listing for PyTorch, in their order. */
const torchListing = `import torch
import os

os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"
os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "0.7"


def best_device() -> torch.device:
    """Chooses where to compute."""
    if torch.backends.mps.is_available():
        return torch.device("mps")
    elif torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("cpu")


device = best_device()
print(f"Device: {device}")
left = torch.randn(512, 512, dtype=torch.float32, device=device)
right = torch.randn(512, 512, dtype=torch.float32, device=device)
product = torch.matmul(left, right)
`;

/** Variables before the import, and a low watermark below the high one. */
const torchFixed = torchListing.replace(
  `import torch
import os

os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"
os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "0.7"
`,
  `import os

os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"
os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "0.7"
os.environ["PYTORCH_MPS_LOW_WATERMARK_RATIO"] = "0.6"

import torch
`,
);

describe('the listings of an article', () => {
  test('MLX: its inputs are made inside the timed part', () => {
    expect(found(mlxBench)).toEqual([
      expect.stringMatching(/^MLX103 9: left and right are still lazy when the clock starts/),
    ]);
  });

  test('PyTorch: the fallback is set after the import, and 0.7 alone makes torch raise', () => {
    const findings = found(torchListing);
    expect(findings).toEqual([
      expect.stringMatching(/^MPS301 4: /),
      expect.stringMatching(/^MPS30\d 5: .*1\.4/),
    ]);
  });

  test.each([
    ['MLX', mlxFixed],
    ['PyTorch', torchFixed],
  ])('%s: corrected, nothing is found', (_, code) => {
    expect(found(code)).toEqual([]);
  });

  test.skipIf(python === undefined).each([
    ['MLX', mlxFixed, 'MLX: '],
    ['PyTorch', torchFixed, 'Device: '],
  ])('%s: corrected, it runs (needs SMELT_TEST_PYTHON, which npm test sets)', (_, code, output) => {
    const done = spawnSync(python as string, ['-c', code], { encoding: 'utf8' });
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toContain(output);
  });
});
