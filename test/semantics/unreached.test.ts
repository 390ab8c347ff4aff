import { describe, expect, test } from 'vitest';
import { findingsOf } from './findings.ts';

const imports = 'import os, platform, sys, torch\nx = torch.ones(1)\n';

/** What only rules about the guard itself say is not at stake here. */
const uses = (code: string): string[] =>
  findingsOf(code).filter((finding) => finding.startsWith('MPS101'));

describe('other ways of not getting there', () => {
  test.each<[string, string]>([
    ['sys.exit', 'if not torch.cuda.is_available():\n    sys.exit("no CUDA")\ny = x.cuda()\n'],
    ['exit', 'if not torch.cuda.is_available():\n    exit(1)\ny = x.cuda()\n'],
    ['os._exit', 'if not torch.cuda.is_available():\n    os._exit(1)\ny = x.cuda()\n'],
    [
      'raise SystemExit',
      'if not torch.cuda.is_available():\n    raise SystemExit(1)\ny = x.cuda()\n',
    ],
    [
      'continue',
      'for i in range(3):\n    if not torch.cuda.is_available():\n        continue\n    y = x.cuda()\n',
    ],
    [
      'break',
      'for i in range(3):\n    if not torch.cuda.is_available():\n        break\n    y = x.cuda()\n',
    ],
    [
      'pytest.skip',
      'import pytest\ndef test_x():\n    if not torch.cuda.is_available():\n        pytest.skip("x")\n    y = x.cuda()\n',
    ],
    [
      'self.skipTest',
      'import unittest\nclass T(unittest.TestCase):\n    def test_x(self):\n        if not torch.cuda.is_available():\n            self.skipTest("x")\n        y = x.cuda()\n',
    ],
    [
      'raise SkipTest',
      'import unittest\ndef test_x():\n    if not torch.cuda.is_available():\n        raise unittest.SkipTest("x")\n    y = x.cuda()\n',
    ],
    [
      'pytest.importorskip',
      'import pytest\ntriton = pytest.importorskip("triton")\ny = x.cuda()\n',
    ],
    [
      'skipif',
      'import pytest\n@pytest.mark.skipif(not torch.cuda.is_available(), reason="x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'skipif by keyword',
      'import pytest\n@pytest.mark.skipif(condition=not torch.cuda.is_available(), reason="x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'skipif on a class',
      'import pytest\n@pytest.mark.skipif(not torch.cuda.is_available(), reason="x")\nclass TestX:\n    def test_x(self):\n        y = x.cuda()\n',
    ],
    [
      'skipif kept under a name',
      'import pytest\nneeds_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="x")\n@needs_cuda\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'skipif of the whole file',
      'import pytest\npytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'skipif in a list',
      'import pytest\npytestmark = [pytest.mark.slow, pytest.mark.skipif(not torch.cuda.is_available(), reason="x")]\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'helpers and classes of a file whose tests are skipped',
      'import pytest\ncuda = torch.cuda.is_available()\npytestmark = pytest.mark.skipif(not cuda, reason="x")\ndef make(y):\n    return y.cuda()\nclass Tests:\n    def test_x(self):\n        y = make(x)\n        return torch.ones(1, device="cuda")\n',
    ],
    [
      'xfail',
      'import pytest\n@pytest.mark.xfail(not torch.cuda.is_available(), reason="x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'skipUnless',
      'import unittest\n@unittest.skipUnless(torch.cuda.is_available(), "x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'skipIf',
      'import unittest\n@unittest.skipIf(not torch.cuda.is_available(), "x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'skipIf from import',
      'from unittest import skipIf\n@skipIf(not torch.cuda.is_available(), "x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    ['a decorator that wants a GPU', '@app.function(gpu="A100")\ndef run():\n    y = x.cuda()\n'],
    ['a decorator that says cuda', '@require_torch_cuda\ndef test_x():\n    y = x.cuda()\n'],
    ['a mark', 'import pytest\n@pytest.mark.cuda\ndef test_x():\n    y = x.cuda()\n'],
    ['except AssertionError', 'try:\n    y = x.cuda()\nexcept AssertionError:\n    y = x\n'],
    ['except RuntimeError', 'try:\n    y = x.cuda()\nexcept RuntimeError:\n    y = x\n'],
    ['except Exception', 'try:\n    y = x.cuda()\nexcept Exception as e:\n    print(e)\n'],
    ['bare except', 'try:\n    y = x.cuda()\nexcept:\n    y = x\n'],
    ['an option that says so', 'if args.use_gpu:\n    y = x.cuda()\n'],
    [
      'an option and a test',
      'if args.cuda and not torch.cuda.is_available():\n    raise ValueError("x")\nif args.cuda:\n    y = x.cuda()\n',
    ],
    ['a rank', 'if local_rank >= 0:\n    y = x.cuda()\n'],
    ['match', 'match device.type:\n    case "cuda":\n        y = x.cuda()\n'],
    [
      'a dict of functions',
      'move = {"cuda": lambda x: x.cuda(), "cpu": lambda x: x}\ny = move["cpu"](x)\n',
    ],
    ['a function that says so', 'def to_cuda(x):\n    return x.cuda()\n'],
    [
      'a comprehension with a condition',
      'ys = [x.cuda() for i in range(3) if torch.cuda.is_available()]\n',
    ],
    ['neither of what a Mac has', 'if device != "cpu" and device != "mps":\n    y = x.cuda()\n'],
    [
      'a loop over CUDA devices',
      'for i in range(torch.cuda.device_count()):\n    y = x.cuda(i)\nys = [x.cuda(i) for i in range(torch.cuda.device_count())]\ngpus = list(range(torch.cuda.device_count()))\nfor gpu in gpus:\n    y = x.cuda(gpu)\n',
    ],
    [
      'setUp that skips',
      'import unittest\nclass T(unittest.TestCase):\n    def setUp(self):\n        if not torch.cuda.is_available():\n            self.skipTest("x")\n    def test_x(self):\n        y = x.cuda()\n',
    ],
    [
      'setUpClass that skips',
      'import unittest\nclass T(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n        if not torch.cuda.is_available():\n            raise unittest.SkipTest("x")\n    def test_x(self):\n        y = x.cuda()\n',
    ],
    [
      'a function that is only called behind a guard',
      'def prepare(y):\n    return y.cuda()\ndef main():\n    if torch.cuda.is_available():\n        prepare(x)\nmain()\n',
    ],
    [
      'a method that is only called behind a guard',
      'class T:\n    def __init__(self):\n        self.fast = torch.cuda.is_available()\n    def _prepare(self, y):\n        return y.cuda()\n    def run(self):\n        return self._prepare(x) if self.fast else x\n',
    ],
    [
      'a package that no Mac has',
      'try:\n    import flash_attn\nexcept ImportError:\n    flash_attn = None\nif flash_attn is not None:\n    y = x.cuda()\n',
    ],
    [
      'a flag for a package that no Mac has',
      'try:\n    import triton\n    HAS_TRITON = True\nexcept ImportError:\n    HAS_TRITON = False\ndef f(y):\n    if HAS_TRITON:\n        return y.cuda()\n    return y\n',
    ],
    [
      'find_spec of a package that no Mac has',
      'import importlib.util\nif importlib.util.find_spec("triton") is not None:\n    y = x.cuda()\n',
    ],
    [
      'after a call that raises and is caught',
      'try:\n    torch.cuda.current_device()\n    y = x.cuda()\n    z = torch.ones(1, device="cuda")\nexcept Exception:\n    y = x\n',
    ],
    ['or', 'y = not torch.cuda.is_available() or x.cuda()\n'],
    ['assert', 'assert torch.cuda.is_available()\ny = x.cuda()\n'],
    ['TYPE_CHECKING', 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    y = x.cuda()\n'],
  ])('%s', (_, code) =>
    expect(uses(imports + code).filter((finding) => !finding.endsWith(' info'))).toEqual([]),
  );
});
