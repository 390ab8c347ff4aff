import { describe, expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { memoryModules } from './memoryModules.ts';

/** Findings of /w/train.py as `MPS101 the text it points at`. */
function findingsIn(train: string, files: Readonly<Record<string, string>>): string[] {
  const modules = memoryModules(files);
  const { findings, failures } = analyze(
    parseFile(train),
    defaultLintSettings,
    unknownEnvironment,
    { path: '/w/train.py', modules },
  );
  expect(failures).toEqual([]);
  return findings.map(({ code, start, end }) => `${code} ${train.slice(start, end)}`);
}

const mps = 'import torch\nDEVICE = "mps" if torch.backends.mps.is_available() else "cpu"\n';
const double = 'x = torch.zeros(2, dtype=torch.float64)\n';

describe('names of other files', () => {
  test.each<[string, string, Record<string, string>]>([
    ['a constant', 'from config import DEVICE\n', { 'config.py': mps }],
    ['under another name', 'from config import DEVICE as D\nDEVICE = D\n', { 'config.py': mps }],
    ['a module', 'import config\nDEVICE = config.DEVICE\n', { 'config.py': mps }],
    ['a module as', 'import pkg.config as c\nDEVICE = c.DEVICE\n', { 'pkg/config.py': mps }],
    [
      'a dotted module',
      'import pkg.config\nDEVICE = pkg.config.DEVICE\n',
      { 'pkg/config.py': mps, 'pkg/__init__.py': '' },
    ],
    ['a relative module', 'from .config import DEVICE\n', { 'config.py': mps }],
    ['a submodule', 'from pkg.config import DEVICE\n', { 'pkg/config.py': mps }],
    [
      'a submodule of a package',
      'from pkg import config\nDEVICE = config.DEVICE\n',
      { 'pkg/config.py': mps, 'pkg/__init__.py': '' },
    ],
    [
      're-exported by a package',
      'from pkg import DEVICE\n',
      { 'pkg/__init__.py': 'from .config import DEVICE\n', 'pkg/config.py': mps },
    ],
    [
      're-exported twice',
      'from a import DEVICE\n',
      { 'a.py': 'from b import D as DEVICE\n', 'b.py': 'from c import DEVICE as D\n', 'c.py': mps },
    ],
    ['with a star', 'from config import *\n', { 'config.py': mps }],
    [
      'with a star and __all__',
      'from config import *\nDEVICE = _d\n',
      { 'config.py': `${mps}_d = DEVICE\n__all__ = ["_d"]\n` },
    ],
    [
      'what a function returns',
      'from utils import get_device\nDEVICE = get_device()\n',
      {
        'utils.py':
          'import torch\ndef get_device():\n    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")\n',
      },
    ],
    [
      'what a function makes of a global of its own module',
      'from utils import get_device\nDEVICE = get_device()\n',
      { 'utils.py': `${mps}def get_device():\n    return DEVICE\n` },
    ],
    [
      'what a function gets from a third file',
      'from utils import get_device\nDEVICE = get_device()\n',
      {
        'utils.py': 'from config import DEVICE\ndef get_device():\n    return DEVICE\n',
        'config.py': mps,
      },
    ],
    [
      'an attribute of an object',
      'from config import cfg\nDEVICE = cfg.device\n',
      {
        'config.py': `${mps}class Config:\n    def __init__(self):\n        self.device = DEVICE\ncfg = Config()\n`,
      },
    ],
    [
      'an attribute of a class',
      'from config import Config\nDEVICE = Config.device\n',
      { 'config.py': `${mps}class Config:\n    device = DEVICE\n` },
    ],
    [
      'an attribute of a base class',
      'from base import Base\nclass A(Base):\n    pass\nDEVICE = A().device\n',
      {
        'base.py': `${mps}class Base:\n    def __init__(self):\n        self.device = DEVICE\n`,
      },
    ],
    [
      'an import inside a function',
      'def f():\n    from config import DEVICE\n    return DEVICE\nDEVICE = f()\n',
      { 'config.py': mps },
    ],
  ])('%s', (_, imports, files) => {
    const below = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`/w/${name}`, text]),
    );
    expect(findingsIn(`import torch\n${imports}${double}x = x.to(DEVICE)\n`, below)).toEqual([
      'MPS201 x.to(DEVICE)',
    ]);
  });

  test('a module of nn defined elsewhere is one', () =>
    expect(
      findingsIn(
        'import torch\nfrom model import Net\nnet = Net().to("mps")\nx = torch.ones(1)\nnet(x)\n',
        {
          '/w/model.py':
            'import torch\nclass Net(torch.nn.Module):\n    def forward(self, x):\n        return x * 2\n',
        },
      ),
    ).toEqual(['MPS112 x']));

  test('an inherited method of another file has its findings there', () =>
    expect(
      findingsIn('import torch\nfrom base import Base\nclass Net(Base):\n    pass\n', {
        '/w/base.py':
          'import torch\nclass Base:\n    def __init__(self):\n        self.x = torch.ones(1).cuda()\n        self.d = "cuda" if torch.cuda.is_available() else "cpu"\n',
      }),
    ).toEqual([]));

  test('a known package is not a file of the same name', () =>
    expect(
      findingsIn('import torch\nif torch.cuda.is_available():\n    x.cuda()\n', {
        '/w/torch.py': '',
      }),
    ).toEqual(['MPS120 x.cuda()']));
});

describe('findings are about the file at hand', () => {
  const move = 'import torch\ndef move(x, device="cuda"):\n    return x.cuda().to(device)\n';

  test('what another file does is found there', () =>
    expect(
      findingsIn('import torch\nfrom utils import move\nmove(torch.ones(1))\n', {
        '/w/utils.py': move,
      }),
    ).toEqual([]));

  test('a device that is named here and used there is found here', () =>
    expect(
      findingsIn('import torch\nfrom utils import move\nmove(torch.ones(1), "cuda:1")\n', {
        '/w/utils.py': move,
      }),
    ).toEqual(['MPS101 "cuda:1"']));

  test('a function that is handed to another file is still of this one', () =>
    expect(
      findingsIn(
        'import torch\nfrom utils import call\ndef f():\n    return torch.ones(1).cuda()\ncall(f)\n',
        {
          '/w/utils.py': 'def call(f):\n    return f()\n',
        },
      ),
    ).toEqual(['MPS101 cuda()']));

  test('a window whose clock another file reads', () =>
    expect(
      findingsIn(
        'import torch\nfrom timing import now\nx = torch.ones(2, device="mps")\nt = now()\ny = x @ x\nprint(now() - t)\n',
        { '/w/timing.py': 'import time\ndef now():\n    return time.time()\n' },
      ),
    ).toEqual(['MPS401 now() - t']));

  test('one that waits has waited', () =>
    expect(
      findingsIn(
        'import torch\nfrom timing import now\nx = torch.ones(2, device="mps")\nt = now()\ny = x @ x\nprint(now() - t)\n',
        {
          '/w/timing.py':
            'import time, torch\ndef now():\n    torch.mps.synchronize()\n    return time.time()\n',
        },
      ),
    ).toEqual([]));
});

describe('what importing a file does', () => {
  test('a file that loads torch, directly or not, loads it', () =>
    expect(
      findingsIn('import os\nimport a\nos.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"\n', {
        '/w/a.py': 'from b import x\n',
        '/w/b.py': 'import torchvision\nx = 1\n',
      }),
    ).toEqual(['MPS301 os.environ["PYTORCH_ENABLE_MPS_FALLBACK"]']));

  test('one that does not, does not', () =>
    expect(
      findingsIn(
        'import os\nimport a\nos.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"\nimport torch\n',
        { '/w/a.py': 'import json\ndef f():\n    import torch\n' },
      ),
    ).toEqual([]));
});

test('imports that lead in a circle end, and know nothing', () => {
  expect(
    findingsIn('import torch\nfrom a import D\nx = torch.ones(1).to(D)\n', {
      '/w/a.py': 'from b import D\n',
      '/w/b.py': 'from a import D\n',
    }),
  ).toEqual([]);
  expect(
    findingsIn('import torch\nfrom a import *\nfrom b import f\nf()\n', {
      '/w/a.py': 'from b import *\nx = f()\n',
      '/w/b.py': 'from a import *\ndef f():\n    return x\n',
    }),
  ).toEqual([]);
});

test('code of another file that costs too much does not end this one', () => {
  const loops = Array.from({ length: 18 }, (_, i) => `${' '.repeat(i + 1)}for a in b:\n`).join('');
  expect(
    findingsIn('import torch\nfrom utils import slow\nd = slow()\ny = torch.ones(1).cuda()\n', {
      '/w/utils.py': `def slow():\n${loops}${' '.repeat(19)}c = 1\n return "cuda"\n`,
    }),
  ).toEqual(['MPS101 cuda()']);
});

test('a summary is made anew when what it was made from changes', () => {
  const utils = { path: '/w/utils.py', text: 'from config import D\nE = D\n' };
  const source = { ...utils, module: parseFile(utils.text) };
  const configs = ['D = "cuda"\n', 'D = "cpu"\n'].map((text) => ({
    path: '/w/config.py',
    text,
    module: parseFile(text),
  }));
  const train = 'import torch\nfrom utils import E\nx = torch.ones(1).to(E)\n';
  const found = configs.map(
    (config) =>
      analyze(parseFile(train), defaultLintSettings, unknownEnvironment, {
        path: '/w/train.py',
        modules: {
          resolve: (_, __, name) => (name === 'utils' ? source : config),
          topOf: () => '/w',
        },
      }).findings.length,
  );
  expect(found).toEqual([1, 0]);
});
