import { expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { applyFixes } from '../../server/src/engine/applyFixes.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import type { Finding } from '../../server/src/rules/finding.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

const find = (code: string): readonly Finding[] =>
  analyze(parseFile(code), defaultLintSettings, unknownEnvironment).findings;

const torch = 'import torch\n';
const mps = `${torch}device = "mps" if torch.backends.mps.is_available() else "cpu"\n`;
const chosen = `${torch}device = torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")\n`;
const numpy = `import numpy as np\n${mps}`;
const high = 'PYTORCH_MPS_HIGH_WATERMARK_RATIO';
const timed = `import sys
import time
import mlx.core as mx
x = mx.ones((64, 64))
mx.eval(x)
t = time.time()
`;
const nn = 'import mlx.nn as nn\n';

/** Places where the fix of a rule would change what CUDA, the CPU or the program's own code does. */
test.each([
  [
    'MPS101',
    'a literal that is compared',
    `${chosen}name = "cuda"\ntorch.ones(3, device=name)\nprint(name == "cuda")\n`,
  ],
  [
    'MPS101',
    'a device whose type is read',
    `${chosen}d = torch.device("cuda")\ntorch.ones(3, device=d)\nprint(d.type)\n`,
  ],
  [
    'MPS101',
    'a choice that is made on Macs only',
    `${torch}if torch.backends.mps.is_available():\n    device = "cuda" if torch.cuda.is_available() else "mps"\ntorch.ones(3, device="cuda")\n`,
  ],
  ['MPS103', 'a value that a notebook shows', `${torch}torch.cuda.get_device_name(0)\n`],
  [
    'MPS202',
    'a leaf that asks for gradients',
    `${numpy}torch.tensor(np.ones(3), device=device, requires_grad=True).float()\n`,
  ],
  ['MPS203', 'a power', `${mps}x = torch.ones(3, device=device)\nx.float_power(2).cpu()\n`],
  [
    'MPS203',
    'a copy that is asked for',
    `${mps}x = torch.ones(3, device=device)\nx.to("cpu", torch.float64, copy=True)\n`,
  ],
  [
    'MPS301',
    'a value that is named later',
    `${torch}import os\nflag = "1"\nos.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = flag\n`,
  ],
  [
    'MPS102',
    'a choice that an option takes part in',
    `import torch\ndevice = "cuda" if torch.cuda.is_available() and not args.cpu else "cpu"\ntorch.ones(2, device=device)\n`,
  ],
  [
    'MPS102',
    'an option',
    `import torch\ndevice = "cuda" if args.use_gpu else "cpu"\ntorch.ones(2, device=device)\n`,
  ],
  [
    'MPS102',
    'a file that names float64',
    `import torch\ndevice = "cuda" if torch.cuda.is_available() else "cpu"\ntorch.ones(2, device=device).to(torch.float64)\n`,
  ],
  [
    'MPS102',
    'a file whose models ask for CUDA themselves',
    `import torch\ndevice = "cuda" if torch.cuda.is_available() else "cpu"\nif torch.cuda.is_available():\n    model.cuda()\n`,
  ],
  [
    'MPS102',
    'a file whose tensors ask for CUDA themselves',
    `import torch\ncuda = torch.cuda.is_available()\ndevice = "cuda" if cuda else "cpu"\nTensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor\n`,
  ],
  [
    'MPS301',
    'an environ that is imported later',
    `import os\n${torch}from os import environ\nenviron["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"\n`,
  ],
  [
    'MPS302',
    'an answer that is used',
    `import os\nold = os.environ.setdefault("${high}", "0.7")\n`,
  ],
  [
    'MPS303',
    'a variable that the program reads',
    `import os\nos.environ["PYTORCH_MPS_ENABLE_FALLBACK"] = "1"\nimport torch\nprint(os.environ["PYTORCH_MPS_ENABLE_FALLBACK"])\n`,
  ],
  [
    'MPS306',
    'a text that is used elsewhere',
    `import os\nflag = "True"\nos.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = flag\nimport torch\nprint(flag)\n`,
  ],
  [
    'MPS404',
    'a device with CUDA that has no name',
    `${chosen}torch.rand(8).to(torch.device(device), non_blocking=True)\n`,
  ],
  [
    'MLX101',
    'a result of one branch',
    `${timed}if len(sys.argv) > 3:\n    y = mx.exp(x)\nelse:\n    z = mx.sin(x)\nprint(time.time() - t)\n`,
  ],
  [
    'MLX103',
    'an input that is named inside the window',
    `import time\nimport mlx.core as mx\na = mx.ones((4, 4)) * 2\nt = time.time()\nx = a\na = None\nmx.eval(mx.exp(x))\nprint(time.time() - t)\n`,
  ],
  [
    'MLX104',
    'a result of a loop that may be empty',
    `${timed}while len(sys.argv) > 3:\n    y = mx.exp(x)\nmx.synchronize()\nprint(time.time() - t)\n`,
  ],
  [
    'MLX403',
    'a forward that another class goes on to',
    `${nn}class A(nn.Module):\n    def forward(self, x):\n        return x\nclass B(A):\n    def forward(self, x):\n        return super().forward(x)\nB()(1)\n`,
  ],
  [
    'MLX403',
    'a forward that other files may call',
    `${nn}class A(nn.Module):\n    def forward(self, x):\n        return x\n`,
  ],
  [
    'MLX501',
    'an order that leaves a matrix as it is',
    'import mlx.core as mx\nb = mx.ones((2, 3)).transpose(0, 1)\n',
  ],
  ['MPS113', 'a device that is chosen at run time', `${chosen}x = torch.ones(3)\nx.to(device)\n`],
  [
    'MPS113',
    'a name that another machine may have bound',
    `import sys\n${torch}from config import place\nif sys.platform == "darwin":\n    place = "mps"\nx = torch.ones(3)\nif sys.platform == "darwin":\n    x.to(place)\n`,
  ],
  ['MPS113', 'a leaf', `${torch}x = torch.ones(3, requires_grad=True)\nx.to("mps")\n`],
  ['MPS113', 'a dtype', `${torch}x = torch.ones(3)\nx.to(torch.float16)\n`],
  [
    'MPS115',
    'a generator that draws on the CPU, too',
    `${mps}g = torch.Generator()\nx = torch.randn(3, device=device, generator=g)\ny = torch.randperm(3, generator=g)\n`,
  ],
  [
    'MPS115',
    'a generator that a pipeline takes, too',
    `${mps}g = torch.Generator()\nx = torch.randn(3, device=device, generator=g)\npipe("a cat", generator=g, device=device)\n`,
  ],
  [
    'MPS115',
    'a device that is set again',
    `${mps}g = torch.Generator()\nx = torch.randn(3, device=device, generator=g)\ndevice = "cpu"\n`,
  ],
  [
    'MPS115',
    'a draw whose refusal is caught',
    `${mps}g = torch.Generator()\ntry:\n    x = torch.randn(3, device=device, generator=g)\nexcept ValueError:\n    pass\n`,
  ],
  [
    'MPS115',
    'a generator that is made where MPS is not asked for yet',
    `${torch}g = torch.Generator()\nif torch.backends.mps.is_available():\n    x = torch.randn(3, device="mps", generator=g)\n`,
  ],
  [
    'MPS115',
    'something that happens before the draw',
    `${torch}g = torch.Generator()\nprint("drawing")\nx = torch.randn(3, device="mps", generator=g)\n`,
  ],
  [
    'MPS201',
    'a device that is chosen at run time',
    `${numpy}torch.from_numpy(np.ones(3)).to(device)\ntorch.tensor(np.ones(3), device=device)\n`,
  ],
  ['MPS201', 'float64 by its name', `${torch}torch.ones(3, dtype=torch.float64, device="mps")\n`],
  [
    'MPS304',
    'a variable that the program reads',
    `import os\n${torch}x = torch.ones(3, device="mps")\nos.environ["${high}"] = "1.5"\nprint(os.environ["${high}"])\n`,
  ],
  [
    'MPS304',
    'a variable that is set twice',
    `import os\n${torch}os.environ["${high}"] = "1.6"\nx = torch.ones(3, device="mps")\nos.environ["${high}"] = "1.5"\n`,
  ],
  [
    'MPS304',
    'a ratio that torch refuses',
    `import os\n${torch}x = torch.ones(3, device="mps")\nos.environ["${high}"] = "0.7"\n`,
  ],
  [
    'MPS507',
    'a tensor that has a name',
    `${chosen}x = torch.ones(3, device=device)\ny = x.cpu().to(device)\n`,
  ],
  [
    'MPS507',
    'a view of one that has a name',
    `${chosen}x = torch.ones(3, device=device)\ny = x.detach().cpu().to(device)\n`,
  ],
  [
    'MPS115',
    'a generator that other files may import',
    `${mps}g = torch.Generator()\ndef noise():\n    return torch.randn(3, device=device, generator=g)\nnoise()\n`,
  ],
  [
    'MPS201',
    'an array that other callers give',
    `import numpy as np\n${torch}def move(a):\n    return torch.from_numpy(a).to("mps")\nmove(np.ones(3))\n`,
  ],
  [
    'MPS201',
    'an array that a lambda is given',
    `import numpy as np\n${torch}move = lambda a: torch.from_numpy(a).to("mps")\nmove(np.ones(3))\n`,
  ],
  [
    'MPS507',
    'a tensor that other callers give',
    `${torch}def there_and_back(x):\n    return x.cpu().to("mps")\nthere_and_back(torch.ones(3, device="mps"))\n`,
  ],
])('%s has no safe fix for %s', (rule, _, code) => {
  const found = find(code).filter((finding) => finding.code === rule);
  expect(found.length).toBeGreaterThan(0);
  const safe = found.filter(({ fixes }) => fixes.some((fix) => fix.applicability === 'safe'));
  expect(safe).toEqual([]);
});

test('a name that the function of the clock does not know is in no fix', () => {
  const found = find(
    `import time
import mlx.core as mx
class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
    def __exit__(self, *error):
        self.elapsed = time.perf_counter() - self.start
def stopwatch():
    return time.perf_counter()
def run(x: mx.array):
    with Timer():
        y = mx.exp(x)
    start = stopwatch()
    z = mx.exp(x)
    print(stopwatch() - start)
`,
  ).filter(({ code }) => code === 'MLX101');
  expect(found.map(({ fixes }) => fixes)).toEqual([[], []]);
});

test('no argument, block or number is left broken', () => {
  const fixed = (code: string): string => applyFixes(code, find, 'safe').text;
  const x = `${torch}x = torch.ones(3, device="mps")\n`;
  expect(fixed(`${x}y = x.to(non_blocking=True, device="cpu")\n`)).toBe(
    `${x}y = x.to(device="cpu")\n`,
  );
  expect(fixed(`${torch}torch.mps.set_per_process_memory_fraction(0x1)\n`)).toBe(
    `${torch}torch.mps.set_per_process_memory_fraction(1.0)\n`,
  );
  const optimizer = 'import mlx.optimizers as optim\no = optim.SGD(0.1)\ndef reset():\n    ';
  expect(fixed(`${optimizer}o.zero_grad()\n`)).toBe(`${optimizer}pass\n`);
});

test('numpy(force=True) copies by itself', () => {
  expect(find(`${torch}torch.ones(3, device="mps").numpy(force=True)\n`)).toEqual([]);
});

test('a parameter is given no tensor', () => {
  const [cast] = find(
    'import torch\nclass M(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.p = torch.nn.Parameter(torch.ones(2))\n    def half(self):\n        self.p.to(torch.float16)\n',
  ).filter(({ code }) => code === 'MPS113');
  expect(cast?.fixes).toEqual([]);
});

test('no name of a module is made one of a function', () => {
  const [move] = find(
    `${torch}x = torch.ones(3)\ndef move():\n    x.to("mps")\n    return x\nmove()\n`,
  ).filter(({ code }) => code === 'MPS113');
  expect(move?.fixes).toEqual([]);
});
