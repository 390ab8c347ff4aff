import { describe, expect, test } from 'vitest';
import { findingsOf } from './findings.ts';

const imports = 'import os, platform, sys, torch\nx = torch.ones(1)\n';
const found = ['MPS101 cuda()'];

/** What only rules about the guard itself say is not at stake here. */
const uses = (code: string): string[] =>
  findingsOf(code).filter((finding) => finding.startsWith('MPS101'));

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
  ['any(t.is_cuda for t in tensors)'],
  ['all(t.device.type == "cuda" for t in tensors)'],
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
  const silent = (code: string): void => expect(findingsOf(imports + code)).toEqual([]);
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
    const others = findingsOf(imports + code).filter((finding) => !finding.endsWith(' info'));
    expect(others).toHaveLength(1);
    expect(others[0]).toContain('MPS102');
  });
});
