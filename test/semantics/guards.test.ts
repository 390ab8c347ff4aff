import { beforeAll, describe, expect, test } from 'vitest';
import { loadParser } from '../../server/src/loadParser.ts';
import type { PythonParser } from '../../server/src/syntax/parser.ts';
import { findingsOf } from './findings.ts';

let parser: PythonParser;
beforeAll(async () => {
  parser = await loadParser();
});

const imports = 'import os, platform, sys, torch\nx = torch.ones(1)\n';
const found = ['MPS101 cuda()'];

/** What only rules about the guard itself say is not at stake here. */
const uses = (code: string): string[] =>
  findingsOf(parser, code).filter((finding) => finding.startsWith('MPS101'));

/** A test that is true with CUDA only, and names that it needs. */
const tests: readonly (readonly [test: string, setup?: string])[] = [
  ['torch.cuda.is_available()'],
  ['torch.cuda.is_available() and FLAG'],
  ['FLAG and torch.cuda.is_available()'],
  ['not not torch.cuda.is_available()'],
  ['torch.cuda.is_available() is True'],
  ['torch.cuda.is_available() == True'],
  ['bool(torch.cuda.is_available())'],
  ['is_available()', 'from torch.cuda import is_available\n'],
  ['cuda.is_available()', 'from torch import cuda\n'],
  ['torch.cuda.device_count()'],
  ['torch.cuda.device_count() > 0'],
  ['torch.cuda.device_count() >= 1'],
  ['torch.cuda.device_count() != 0'],
  ['0 < torch.cuda.device_count()'],
  ['torch.version.cuda'],
  ['torch.version.cuda is not None'],
  ['torch.backends.cuda.is_built()'],
  ['torch.backends.cudnn.is_available()'],
  [
    'device.type == "cuda"',
    'device = torch.device("mps" if torch.backends.mps.is_available() else "cpu")\n',
  ],
  ['device == "cuda"', 'device = "mps" if torch.backends.mps.is_available() else "cpu"\n'],
  ['device == torch.device("cuda")', 'device = torch.device("cpu")\n'],
  ['device != "cpu"', 'device = "cuda" if torch.cuda.is_available() else "cpu"\n'],
  ['"cuda" in str(device)', 'device = torch.device("cpu")\n'],
  ['str(device).startswith("cuda")', 'device = torch.device("cpu")\n'],
  ['device.startswith("cuda")', 'device = "cpu"\n'],
  ['x.is_cuda'],
  ['x.device.type == "cuda"'],
  ['next(model.parameters()).is_cuda'],
  ['next(model.parameters()).device.type == "cuda"'],
  ['args.device == "cuda"'],
  ['args.device.startswith("cuda")'],
  ['"cuda" in args.device'],
  ['args.device in ("cuda", "cuda:0")'],
  ['use_cuda', 'use_cuda = torch.cuda.is_available()\n'],
  ['use_cuda', 'use_cuda = not args.no_cuda and torch.cuda.is_available()\n'],
  ['use_cuda', 'use_cuda = torch.cuda.is_available() if args.gpu else False\n'],
  ['args.cuda', 'args.cuda = not args.no_cuda and torch.cuda.is_available()\n'],
  ['n_gpu > 0', 'n_gpu = torch.cuda.device_count()\n'],
  ['has_cuda()', 'def has_cuda():\n    return torch.cuda.is_available()\n'],
  [
    'has_cuda()',
    'def has_cuda():\n    try:\n        return torch.cuda.is_available()\n    except Exception:\n        return False\n',
  ],
  ['has_cuda()', 'has_cuda = lambda: torch.cuda.is_available()\n'],
  [
    'has_cuda()',
    'import functools\n@functools.lru_cache()\ndef has_cuda():\n    return torch.cuda.is_available()\n',
  ],
  ['C.cuda', 'class C:\n    cuda = torch.cuda.is_available()\n'],
  [
    'c.cuda',
    'class C:\n    def __init__(self):\n        self.cuda = torch.cuda.is_available()\nc = C()\n',
  ],
  ['getattr(torch.cuda, "is_available")()'],
  ['hasattr(torch, "cuda") and torch.cuda.is_available()'],
  ['all([torch.cuda.is_available(), FLAG])'],
  ['device.type not in ("cpu", "mps")'],
  [
    'device is Kind.CUDA',
    'import enum\nclass Kind(str, enum.Enum):\n    CUDA = "cuda"\n    MPS = "mps"\n',
  ],
  [
    'device == Kind.CUDA',
    'import enum\nclass Kind(enum.Enum):\n    CUDA = "cuda"\n    MPS = "mps"\n',
  ],
  ['sys.platform != "darwin"'],
  ['sys.platform == "linux"'],
  ['sys.platform.startswith("linux")'],
  ['sys.platform in ("linux", "win32")'],
  ['platform.system() != "Darwin"'],
  ['platform.system() == "Linux"'],
  ['platform.system().lower() == "linux"'],
  ['platform.machine() != "arm64"'],
  ['platform.uname().system == "Linux"'],
  ['os.name == "nt"'],
  ['os.uname().sysname == "Linux"'],
  ['not torch.backends.mps.is_available()'],
  ['not torch.mps.is_available()'],
  ['torch.accelerator.current_accelerator().type == "cuda"'],
  ['torch.cuda.is_available()', 'import torch as torch\n'],
  ['is_torch_cuda_available()', 'from transformers.utils import is_torch_cuda_available\n'],
  ['(ok := torch.cuda.is_available())'],
  ['torch.cuda.is_available() and torch.cuda.get_device_capability()[0] >= 8'],
  ['torch.cuda.is_available() and torch.cuda.is_bf16_supported()'],
];

describe('behind a test that is true with CUDA only, nothing is found; behind its opposite it is', () => {
  test.each(tests)('%s after %s', (condition, setup = '') => {
    const start = `${imports}${setup}`;
    expect(uses(`${start}if ${condition}:\n    y = x.cuda()\n`)).toEqual([]);
    expect(uses(`${start}if not (${condition}):\n    y = x.cuda()\n`)).toEqual(found);
    expect(uses(`${start}y = x.cuda() if ${condition} else x\n`)).toEqual([]);
    expect(uses(`${start}y = x if ${condition} else x.cuda()\n`)).toEqual(found);
    expect(uses(`${start}y = (${condition}) and x.cuda()\n`)).toEqual([]);
    expect(uses(`${start}while ${condition}:\n    y = x.cuda()\n`)).toEqual([]);
    expect(
      uses(`${start}def f(x):\n    if ${condition}:\n        return x.cuda()\n    return x\n`),
    ).toEqual([]);
    expect(
      uses(
        `${start}def f(x):\n    if not (${condition}):\n        return x\n    return x.cuda()\n`,
      ),
    ).toEqual([]);
    expect(
      uses(
        `${start}def f(x):\n    if not (${condition}):\n        raise RuntimeError("x")\n    return x.cuda()\n`,
      ),
    ).toEqual([]);
  });
});

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
      'for i in range(torch.cuda.device_count()):\n    y = x.cuda(i)\nys = [x.cuda(i) for i in range(torch.cuda.device_count())]\n',
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

describe('what is no guard', () => {
  test.each<[string, string]>([
    ['an unknown test', 'if FLAG:\n    y = x.cuda()\n'],
    ['a test for MPS', 'if torch.backends.mps.is_available():\n    y = x.cuda()\n'],
    ['a platform test for macOS', 'if sys.platform == "darwin":\n    y = x.cuda()\n'],
    [
      'a test that prints only',
      'if not torch.cuda.is_available():\n    print("no CUDA")\ny = x.cuda()\n',
    ],
    ['a handler for something else', 'try:\n    y = x.cuda()\nexcept ImportError:\n    y = x\n'],
    ['a handler that raises again', 'try:\n    y = x.cuda()\nexcept Exception:\n    raise\n'],
    [
      'a handler that raises another',
      'try:\n    y = x.cuda()\nexcept Exception as e:\n    raise RuntimeError("x") from e\n',
    ],
    [
      'a skip for another reason',
      'import pytest\n@pytest.mark.skipif(sys.version_info < (3, 8), reason="x")\ndef test_x():\n    y = x.cuda()\n',
    ],
    [
      'a function that is also called without a guard',
      'def prepare(y):\n    return y.cuda()\ndef main(y):\n    if torch.cuda.is_available():\n        prepare(y)\n    prepare(y)\n',
    ],
    [
      'a function that is exported',
      '__all__ = ["prepare"]\ndef prepare(y):\n    return y.cuda()\nif torch.cuda.is_available():\n    prepare(x)\n',
    ],
    [
      'what follows a block that swallows errors',
      'import contextlib\nwith contextlib.suppress(Exception):\n    torch.cuda.synchronize()\ny = x.cuda()\n',
    ],
    ['a finally', 'try:\n    y = x.cuda()\nfinally:\n    print("x")\n'],
  ])('%s', (_, code) =>
    expect(uses(imports + code).map((finding) => finding.replace(/ info$/, ''))).toEqual(found),
  );
});

describe('selectors are judged as a whole', () => {
  const silent = (code: string): void => expect(findingsOf(parser, imports + code)).toEqual([]);
  test.each<[string, string]>([
    [
      'with an mps arm',
      'd = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"\n',
    ],
    [
      'with an mps arm first',
      'd = "mps" if torch.backends.mps.is_available() else "cuda" if torch.cuda.is_available() else "cpu"\n',
    ],
    [
      'elif',
      'if torch.cuda.is_available():\n    d = "cuda"\nelif torch.backends.mps.is_available():\n    d = "mps"\nelse:\n    d = "cpu"\n',
    ],
    [
      'if after if',
      'd = "cpu"\nif torch.cuda.is_available():\n    d = "cuda"\nif torch.backends.mps.is_available():\n    d = "mps"\n',
    ],
    [
      'returns',
      'def get():\n    if torch.cuda.is_available():\n        return "cuda"\n    if torch.backends.mps.is_available():\n        return "mps"\n    return "cpu"\n',
    ],
    [
      'hasattr',
      'd = "cpu"\nif torch.cuda.is_available():\n    d = "cuda"\nelif hasattr(torch.backends, "mps") and torch.backends.mps.is_available():\n    d = "mps"\n',
    ],
    [
      'getattr',
      'mps = getattr(torch.backends, "mps", None)\nd = "cuda" if torch.cuda.is_available() else "mps" if mps is not None and mps.is_available() else "cpu"\n',
    ],
    ['accelerator', 'd = torch.accelerator.current_accelerator() or torch.device("cpu")\n'],
    [
      'flags',
      'use_cuda = torch.cuda.is_available()\nuse_mps = torch.backends.mps.is_available()\nif use_cuda:\n    d = torch.device("cuda")\nelif use_mps:\n    d = torch.device("mps")\nelse:\n    d = torch.device("cpu")\n',
    ],
    [
      'flags that options switch off',
      'use_cuda = not args.no_cuda and torch.cuda.is_available()\nuse_mps = not args.no_mps and torch.backends.mps.is_available()\nif use_cuda:\n    d = torch.device("cuda")\nelif use_mps:\n    d = torch.device("mps")\nelse:\n    d = torch.device("cpu")\n',
    ],
    [
      'a loop over names',
      'd = next(n for n in ("cuda", "mps", "cpu") if n == "cpu" or getattr(torch, n).is_available())\n',
    ],
  ])('%s', (_, code) => silent(code));

  test.each<[string, string]>([
    ['a conditional', 'd = "cuda" if torch.cuda.is_available() else "cpu"\n'],
    ['turned round', 'd = "cpu" if not torch.cuda.is_available() else "cuda"\n'],
    ['inside torch.device', 'd = torch.device("cuda" if torch.cuda.is_available() else "cpu")\n'],
    [
      'around torch.device',
      'd = torch.device("cuda") if torch.cuda.is_available() else torch.device("cpu")\n',
    ],
    ['with an index', 'd = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")\n'],
    ['an f-string', 'd = f"cuda:{rank}" if torch.cuda.is_available() else "cpu"\n'],
    ['if and else', 'if torch.cuda.is_available():\n    d = "cuda"\nelse:\n    d = "cpu"\n'],
    ['a start and an if', 'd = "cpu"\nif torch.cuda.is_available():\n    d = "cuda"\n'],
    [
      'returns',
      'def get():\n    if torch.cuda.is_available():\n        return "cuda"\n    return "cpu"\n',
    ],
    [
      'returns with else',
      'def get():\n    if torch.cuda.is_available():\n        return torch.device("cuda")\n    else:\n        return torch.device("cpu")\n',
    ],
    [
      'a flag',
      'use_cuda = torch.cuda.is_available()\nd = torch.device("cuda" if use_cuda else "cpu")\n',
    ],
    ['and or', 'd = torch.cuda.is_available() and "cuda" or "cpu"\n'],
    [
      'an attribute',
      'class A:\n    def __init__(self):\n        self.d = "cuda" if torch.cuda.is_available() else "cpu"\n',
    ],
    ['a default', 'def f(d="cuda" if torch.cuda.is_available() else "cpu"):\n    return d\n'],
    ['an index of a tuple', 'd = ("cpu", "cuda")[torch.cuda.is_available()]\n'],
    ['a pipeline index', 'd = 0 if torch.cuda.is_available() else -1\n'],
  ])('without MPS: %s', (_, code) => {
    const others = findingsOf(parser, imports + code).filter(
      (finding) => !finding.endsWith(' info'),
    );
    expect(others).toHaveLength(1);
    expect(others[0]).toContain('MPS102');
  });
});
