import { describe, expect, test } from 'vitest';
import type { Fact } from '../../server/src/semantics/facts.ts';
import { interpret } from '../../server/src/semantics/interpreter.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

/** One line for each fact: what a rule would read. */
function show(code: string, fact: Fact): string | null {
  const text = code.slice(fact.node.start, fact.node.end);
  switch (fact.kind) {
    case 'deviceUse':
      return `use ${fact.device.types.join('|')}${fact.device.choice ? ' chosen' : ''}: ${text}`;
    case 'transfer':
      return `${fact.how} ${fact.dtype ?? '?'} on ${fact.device.types.join('|')}: ${text}`;
    case 'environmentWrite':
      return `env ${fact.name}=${fact.value ?? '?'}${fact.torchLoadedBy ? ' after torch' : ''}`;
    case 'timedWindow':
      return `window ${fact.paths.map((path) => path.map((event) => event.kind).join(',')).join(' / ')}`;
    case 'selector':
      return `selector asks ${[...fact.asked].join(',')}`;
    default:
      return null;
  }
}

function check(code: string, expected: readonly string[]): void {
  const module = parseFile(code);
  const facts = interpret(module, unknownEnvironment).facts;
  const lines = facts.map((fact) => show(code, fact)).filter((line) => line !== null);
  expect([...new Set(lines)]).toEqual(expected);
}

const device = 'import torch\ndevice = "mps" if torch.backends.mps.is_available() else "cpu"\n';

describe('what a Mac reaches', () => {
  test('a guarded branch is dead', () =>
    check('import torch\nif torch.cuda.is_available():\n    x = torch.ones(1).cuda()\n', []));

  test('code after an early exit is dead', () =>
    check(
      'import sys, torch\nif not torch.cuda.is_available():\n    sys.exit()\ntorch.ones(1).to("cuda")\n',
      [],
    ));

  test('a flag remembers what it was made of', () =>
    check(
      'import torch\nuse = torch.cuda.is_available() and FLAG\nif use:\n    torch.ones(1).cuda()\n',
      [],
    ));

  test('an unknown condition takes both ways', () =>
    check('import torch\nif FLAG:\n    x = torch.ones(1).to("mps")\n', [
      'create float32 on cpu: torch.ones(1)',
      'use mps: torch.ones(1).to("mps")',
      'move float32 on mps: torch.ones(1).to("mps")',
    ]));

  test.each([
    'device.type == "cuda"',
    'str(device).startswith("cuda")',
    '"cuda" in str(device)',
    'x.is_cuda',
    'torch.cuda.device_count() > 0',
    'torch.version.cuda is not None',
    'sys.platform != "darwin"',
    'platform.system() == "Linux"',
    'not torch.backends.mps.is_available()',
  ])('%s is false', (condition) =>
    check(
      `import platform, sys, torch\ndef f(device, x):\n    if ${condition}:\n        x.to("cuda")\n`,
      [],
    ),
  );

  test('match on the device type', () =>
    check(
      'import torch\ndef f(d, x):\n    match d.type:\n        case "cuda":\n            x.to("cuda")\n        case _:\n            x.to("mps")\n',
      ['use mps: x.to("mps")'],
    ));

  test('tests that a Mac skips are not run', () =>
    check(
      'import torch, unittest\nclass T(unittest.TestCase):\n    @unittest.skipUnless(torch.cuda.is_available(), "x")\n    def test(self):\n        torch.ones(1).cuda()\n',
      [],
    ));
});

describe('values', () => {
  test('a device goes through functions, tuples and attributes', () =>
    check(
      `${device}def get():\n    return device, 1\nclass A:\n    def __init__(self):\n        self.d, self.n = get()\n    def run(self, x):\n        x.to(self.d)\n`,
      ['use mps chosen: x.to(self.d)'],
    ));

  test('joined devices stay a set', () =>
    check('import torch\nd = "cpu"\nif FLAG:\n    d = "mps"\ntorch.as_tensor(X).to(d)\n', [
      'convert ? on cpu: torch.as_tensor(X)',
      'use cpu|mps: torch.as_tensor(X).to(d)',
      'move ? on cpu|mps: torch.as_tensor(X).to(d)',
    ]));

  test('NumPy dtypes flow into tensors', () =>
    check(
      'import numpy as np\nimport torch\nrng = np.random.default_rng()\na = rng.normal(size=3) * 2\nb = a.astype("float32")\ntorch.tensor(a, device="mps")\ntorch.tensor(b, device="mps")\n',
      [
        'use mps: torch.tensor(a, device="mps")',
        'convert float64 on mps: torch.tensor(a, device="mps")',
        'use mps: torch.tensor(b, device="mps")',
        'convert float32 on mps: torch.tensor(b, device="mps")',
      ],
    ));

  test('unknown code may move a model', () =>
    check(
      'import time, torch\nm = torch.nn.Linear(1, 1).to("mps")\nprepare(m)\nt = time.time()\ny = m(X)\nprint(time.time() - t)\n',
      ['use mps: torch.nn.Linear(1, 1).to("mps")', 'window unmodelled'],
    ));
});

describe('order', () => {
  test('importing a package that loads torch counts', () =>
    check('import os\nfrom diffusers import X\nos.environ["A"] = "1"\n', ['env A=1 after torch']));

  test('a function runs when it is called', () =>
    check('import os\ndef f():\n    os.environ["A"] = "1"\nf()\nimport torch\n', [
      'env A=1',
      'env A=1 after torch',
    ]));

  test('a window holds what happened, path by path', () =>
    check(
      `import time\n${device}a = torch.ones(2, device=device)\nt = time.time()\nfor i in range(3):\n    b = a @ a\nif FLAG:\n    torch.mps.synchronize()\nprint(time.time() - t)\n`,
      [
        'use mps chosen: torch.ones(2, device=device)',
        'create float32 on mps: torch.ones(2, device=device)',
        'window work,work,sync / work,work',
      ],
    ));

  test('MLX computes what is asked for and all that it depends on', () =>
    check(
      'import time\nimport mlx.core as mx\na = mx.ones(3)\nb = a + 1\nmx.eval(b)\nt = time.time()\nc = a * b\nfloat(c)\nprint(time.time() - t)\n',
      ['window record,force'],
    ));
});

test('no input exhausts the stack or the budget', () => {
  const deep = `import torch\nx = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`;
  const long = `import torch\nx = ${Array.from({ length: 20_000 }, () => 'a').join(' + ')}\n`;
  const recursive = 'import torch\ndef f(n):\n    return f(n - 1) + f(n - 2)\nf(30)\n';
  const nested = `import torch\n${Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}if a:`).join('\n')}\n${' '.repeat(300)}torch.ones(1).cuda()\n`;
  for (const code of [deep, long, recursive, nested]) {
    expect(() => interpret(parseFile(code), unknownEnvironment)).not.toThrow();
  }
});

test.each([
  ['arms', (i: number) => `elif n == ${i}:\n    y = ${i}\n`, 'if n:\n    y = 0\n', 'else:\n'],
  ['managers', (i: number) => `open("${i}") as f${i}, `, 'with (', '):\n'],
  ['generators', () => 'manager(), ', 'with (', '):\n'],
])('what follows 20,000 %s is looked at', (_, one, before, after) => {
  const code = [
    'import torch\nfrom contextlib import contextmanager\n',
    '@contextmanager\ndef manager():\n    yield 1\n\n',
    before,
    ...Array.from({ length: 20_000 }, (_, i) => one(i)),
    after,
    '    x = torch.zeros(3, device="cuda")\n',
  ].join('');
  const { facts, stoppedAt } = interpret(parseFile(code), unknownEnvironment);
  expect(stoppedAt).toBeNull();
  expect(facts.map(({ kind }) => kind)).toContain('deviceUse');
});
