import { beforeAll, describe, expect, test } from 'vitest';
import { loadParser } from '../../server/src/loadParser.ts';
import type { PythonParser } from '../../server/src/syntax/parser.ts';
import { findingsOf } from './findings.ts';

let parser: PythonParser;
beforeAll(async () => {
  parser = await loadParser();
});

type Row = readonly [name: string, code: string, ...expected: string[]];

/** `x.to(d)` of a float64 tensor: MPS201 where d is certainly MPS. */
const double = 'x = torch.zeros(2, dtype=torch.float64)\n';
const found = 'MPS201 x.to(d)';

const rows: Record<string, readonly Row[]> = {
  attributes: [
    [
      'set in __init__',
      `class A:\n    def __init__(self):\n        self.d = "mps"\n    def run(self, x):\n        return x.double().to(self.d)\n${double}d = A().d\ny = x.to(d)\n`,
      found,
    ],
    [
      'changed by a method that runs',
      `class A:\n    def __init__(self):\n        self.d = "cpu"\n    def gpu(self):\n        self.d = "mps"\n${double}a = A()\na.gpu()\nd = a.d\ny = x.to(d)\n`,
      found,
    ],
    [
      'changed by a method that somebody may call is unknown in others',
      `class A:\n    def __init__(self):\n        self.d = "mps"\n    def other(self, d):\n        self.d = d\n    def run(self):\n        ${double}        d = self.d\n        return x.to(d)\n`,
    ],
    [
      'set by a method that __init__ calls',
      `class A:\n    def __init__(self):\n        self.setup()\n    def setup(self):\n        self.d = "mps"\n    def run(self):\n        ${double}        d = self.d\n        return x.to(d)\n`,
      found,
    ],
    [
      'a property',
      `class A:\n    @property\n    def device(self):\n        return "mps"\n${double}d = A().device\ny = x.to(d)\n`,
      found,
    ],
    [
      'a cached property',
      `import functools\nclass A:\n    @functools.cached_property\n    def device(self):\n        return "mps"\n${double}d = A().device\ny = x.to(d)\n`,
      found,
    ],
    ['of the class', `class A:\n    device = "mps"\n${double}d = A.device\ny = x.to(d)\n`, found],
    [
      'of the class, through an object',
      `class A:\n    device = "mps"\n${double}d = A().device\ny = x.to(d)\n`,
      found,
    ],
    [
      'of a base class',
      `class B:\n    def __init__(self):\n        self.d = "mps"\nclass A(B):\n    def __init__(self):\n        super().__init__()\n        self.n = 1\n${double}d = A().d\ny = x.to(d)\n`,
      found,
    ],
    [
      'of a base class by its name',
      `class B:\n    def __init__(self, d):\n        self.d = d\nclass A(B):\n    def __init__(self):\n        B.__init__(self, "mps")\n${double}d = A().d\ny = x.to(d)\n`,
      found,
    ],
    [
      'a static method and a class method',
      `class A:\n    @staticmethod\n    def pick(n):\n        return "mps"\n    @classmethod\n    def best(cls, n):\n        return cls.pick(n)\n${double}d = A.best(1)\ny = x.to(d)\n`,
      found,
    ],
  ],
  'tuples and unpacking': [
    ['a tuple', `${double}d, n = "mps", 1\ny = x.to(d)\n`, found],
    ['nested', `${double}(n, (d, m)) = 1, ("mps", 2)\ny = x.to(d)\n`, found],
    ['before a star', `${double}d, *rest = "mps", 1, 2\ny = x.to(d)\n`, found],
    ['after a star', `${double}*rest, d = 1, 2, "mps"\ny = x.to(d)\n`, found],
    ['in a star', `${double}_, *rest = 1, "mps"\nd = rest[0]\ny = x.to(d)\n`, found],
    ['swapped', `${double}d, e = "cpu", "mps"\nd, e = e, d\ny = x.to(d)\n`, found],
    ['from a function', `def f():\n    return "mps", 1\n${double}d, _ = f()\ny = x.to(d)\n`, found],
    [
      'in a loop over pairs',
      `${double}for n, d in [(1, "mps"), (2, "mps")]:\n    y = x.to(d)\n`,
      found,
    ],
    ['enumerated', `${double}for i, d in enumerate(["mps"]):\n    y = x.to(d)\n`, found],
    ['zipped', `${double}for a, d in zip([1], ["mps"]):\n    y = x.to(d)\n`, found],
    ['mixed in a list is unknown', `${double}for d in ["mps", "cpu"]:\n    y = x.to(d)\n`],
  ],
  parameters: [
    [
      'a default is no more than that',
      `def f(x, device="cuda"):\n    return x.to(device)\n`,
      'MPS108 "cuda" info',
    ],
    [
      'a default that a call takes',
      `def f(x, device="cuda"):\n    return x.to(device)\ny = f(torch.ones(1))\n`,
      'MPS101 "cuda"',
    ],
    [
      'one that every call overrides',
      `def f(x, device="cuda"):\n    return x.to(device)\ny = f(torch.ones(1), "cpu")\n`,
      'MPS108 "cuda" info',
    ],
    [
      'by keyword',
      `def f(x, *, device):\n    return x.to(device)\ny = f(torch.ones(1), device="cuda")\n`,
      'MPS101 "cuda"',
    ],
    [
      'in *args',
      `def f(*args):\n    d = args[1]\n    return args[0].to(d)\ny = f(torch.ones(1), "cuda")\n`,
      'MPS101 "cuda"',
    ],
    [
      'in **kwargs',
      `def f(x, **kw):\n    return x.to(kw["device"])\ny = f(torch.ones(1), device="cuda")\n`,
      'MPS101 "cuda"',
    ],
    [
      'handed on as **kwargs',
      `def f(**kw):\n    return torch.ones(1, **kw)\ny = f(device="cuda")\n`,
      'MPS101 "cuda"',
    ],
    [
      'spread from a tuple',
      `def f(x, d):\n    return x.to(d)\nargs = (torch.ones(1), "cuda")\ny = f(*args)\n`,
      'MPS101 "cuda"',
    ],
    [
      'spread from a dict',
      `opts = {"device": "cuda"}\ny = torch.ones(1, **opts)\n`,
      'MPS101 "cuda"',
    ],
  ],
  comprehensions: [
    ['have a scope of their own', `${double}d = "cpu"\nz = [d for d in ["mps"]]\ny = x.to(d)\n`],
    ['have elements', `ds = ["mps" for _ in range(2)]\n${double}d = ds[0]\ny = x.to(d)\n`, found],
    ['over known elements', `${double}y = [x.to(d) for d in ["mps"]]\n`, found],
    ['with an effect', `ms = [m.to("cuda") for m in models]\n`, 'MPS101 "cuda"'],
    ['of dicts', `ds = {n: "mps" for n in range(2)}\n${double}d = ds[0]\ny = x.to(d)\n`, found],
    ['generators', `${double}d = next(d for d in ["mps"])\ny = x.to(d)\n`, found],
  ],
  with: [
    [
      'a device',
      `with torch.device("mps"):\n    x = torch.zeros(2, dtype=torch.float64)\n`,
      'MPS201 torch.float64',
    ],
    [
      'a device, and after it',
      `with torch.device("mps"):\n    pass\nx = torch.zeros(2, dtype=torch.float64)\n`,
    ],
    [
      'as',
      `import contextlib\n@contextlib.contextmanager\ndef on():\n    yield "mps"\n${double}with on() as d:\n    y = x.to(d)\n`,
      found,
    ],
    [
      'nullcontext',
      `import contextlib\n${double}with contextlib.nullcontext("mps") as d:\n    y = x.to(d)\n`,
      found,
    ],
    [
      'an object of this file',
      `class A:\n    def __enter__(self):\n        return "mps"\n    def __exit__(self, *a):\n        pass\n${double}with A() as d:\n    y = x.to(d)\n`,
      found,
    ],
    [
      'no_grad and autocast',
      `${double}d = "mps"\nwith torch.no_grad(), torch.autocast("mps"):\n    y = x.to(d)\n`,
      found,
    ],
    ['a CUDA device', `with torch.cuda.device(0):\n    pass\n`, 'MPS103 torch.cuda.device(0)'],
  ],
  match: [
    [
      'on a known value',
      `kind = "gpu"\nmatch kind:\n    case "gpu":\n        d = "mps"\n    case _:\n        d = "cpu"\n${double}y = x.to(d)\n`,
      found,
    ],
    ['captures', `match "mps":\n    case d:\n        pass\n${double}y = x.to(d)\n`, found],
    [
      'an unknown value',
      `match kind:\n    case "gpu":\n        d = "mps"\n    case _:\n        d = "cpu"\n${double}y = x.to(d)\n`,
    ],
  ],
  try: [
    ['what fails here', `${double}try:\n    d = "mps"\nfinally:\n    pass\ny = x.to(d)\n`, found],
    [
      'caught',
      `try:\n    y = torch.ones(1).to("cuda")\nexcept Exception:\n    y = torch.ones(1)\n`,
    ],
    [
      'caught by its base',
      `try:\n    y = torch.ones(1).to("cuda")\nexcept (ImportError, AssertionError):\n    pass\n`,
    ],
    [
      'raised again',
      `try:\n    y = torch.ones(1).to("cuda")\nexcept Exception:\n    raise\n`,
      'MPS101 "cuda"',
    ],
    [
      'suppressed',
      `import contextlib\nwith contextlib.suppress(AssertionError):\n    y = torch.ones(1).to("cuda")\n`,
    ],
    [
      'in a handler that ends',
      `import sys\ntry:\n    import triton\nexcept ImportError:\n    sys.exit()\ny = torch.ones(1).to("cuda")\n`,
      'MPS101 "cuda"',
    ],
  ],
  'closures and scopes': [
    [
      'a closure',
      `def outer():\n    d = "mps"\n    def inner(x):\n        return x.to(d)\n    return inner\n${double}y = outer()(x)\n`,
      found,
    ],
    [
      'nonlocal',
      `def outer():\n    d = "cpu"\n    def change():\n        nonlocal d\n        d = "mps"\n    change()\n    ${double}    return x.to(d)\nouter()\n`,
      found,
    ],
    [
      'global',
      `d = "cpu"\ndef change():\n    global d\n    d = "mps"\nchange()\n${double}y = x.to(d)\n`,
      found,
    ],
    ['lambda', `pick = lambda: "mps"\n${double}d = pick()\ny = x.to(d)\n`, found],
    ['walrus', `${double}if d := "mps":\n    y = x.to(d)\n`, found],
    [
      'a decorated function',
      `import functools\n@functools.lru_cache(maxsize=None)\ndef get_device():\n    return torch.device("mps")\n${double}d = get_device()\ny = x.to(d)\n`,
      found,
    ],
    [
      'a decorator of this file',
      `import functools\ndef log(f):\n    @functools.wraps(f)\n    def inner(*args, **kwargs):\n        return f(*args, **kwargs)\n    return inner\n@log\ndef get(n):\n    return "mps"\n${double}d = get(1)\ny = x.to(d)\n`,
      found,
    ],
    [
      'partial',
      `import functools\ndef move(d, x):\n    return x.to(d)\nto_gpu = functools.partial(move, "cuda")\ny = to_gpu(torch.ones(1))\n`,
      'MPS101 "cuda"',
    ],
    [
      'partial with a keyword',
      `from functools import partial\nzeros = partial(torch.zeros, device="cuda")\ny = zeros(3)\n`,
      'MPS101 "cuda"',
    ],
  ],
  classes: [
    [
      'a dataclass field is a default',
      `from dataclasses import dataclass\n@dataclass\nclass C:\n    device: str = "cuda"\ny = torch.ones(1).to(C().device)\n`,
      'MPS101 "cuda"',
    ],
    [
      'of a dataclass that nobody makes',
      `from dataclasses import dataclass\n@dataclass\nclass C:\n    device: str = "cuda"\ndef f(c: C):\n    return torch.ones(1).to(c.device)\n`,
      'MPS108 "cuda" info',
    ],
    [
      'given to a dataclass',
      `from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int\n    d: str = "cpu"\n${double}d = C(1, "mps").d\ny = x.to(d)\n`,
      found,
    ],
    [
      'given by name',
      `from dataclasses import dataclass, field\n@dataclass\nclass C:\n    d: str = "cpu"\n    xs: list = field(default_factory=list)\n${double}d = C(d="mps").d\ny = x.to(d)\n`,
      found,
    ],
    [
      'field(default=…)',
      `from dataclasses import dataclass, field\n@dataclass\nclass C:\n    d: str = field(default="mps")\n${double}d = C().d\ny = x.to(d)\n`,
      found,
    ],
    [
      'NamedTuple',
      `from typing import NamedTuple\nclass C(NamedTuple):\n    n: int\n    d: str = "cpu"\n${double}d = C(1, "mps").d\ny = x.to(d)\n`,
      found,
    ],
    [
      'enum',
      `import enum\nclass D(enum.Enum):\n    GPU = "mps"\n${double}d = D.GPU.value\ny = x.to(d)\n`,
      found,
    ],
    [
      'enum of strings',
      `import enum\nclass D(str, enum.Enum):\n    GPU = "mps"\n${double}d = D.GPU\ny = x.to(d)\n`,
      found,
    ],
    [
      'SimpleNamespace',
      `from types import SimpleNamespace\ncfg = SimpleNamespace(d="mps")\n${double}d = cfg.d\ny = x.to(d)\n`,
      found,
    ],
  ],
  options: [
    [
      'argparse default',
      `import argparse\np = argparse.ArgumentParser()\np.add_argument("--device", default="cuda")\nargs = p.parse_args()\ny = torch.ones(1).to(args.device)\n`,
      'MPS108 "cuda" info',
    ],
    [
      'argparse in a function',
      `import argparse\ndef parse():\n    p = argparse.ArgumentParser()\n    p.add_argument("--device", type=str, default="cuda", choices=["cuda", "cpu"])\n    return p.parse_args()\nargs = parse()\ny = torch.ones(1).to(args.device)\n`,
      'MPS108 "cuda" info',
    ],
    [
      'argparse in a group',
      `import argparse\np = argparse.ArgumentParser()\ng = p.add_argument_group("x")\ng.add_argument("--device", default="cuda")\nargs = p.parse_args()\ny = torch.ones(1).to(args.device)\n`,
      'MPS108 "cuda" info',
    ],
    [
      'another option of the same parser',
      `import argparse\np = argparse.ArgumentParser()\np.add_argument("--device", default="cpu")\nargs = p.parse_args()\ny = torch.ones(1).to(args.device)\n`,
    ],
    [
      'click',
      `import click\n@click.command()\n@click.option("--device", default="cuda")\ndef main(device):\n    y = torch.ones(1).to(device)\nmain()\n`,
      'MPS108 "cuda" info',
    ],
    [
      'typer',
      `import typer\ndef main(device: str = typer.Option("cuda")):\n    y = torch.ones(1).to(device)\ntyper.run(main)\n`,
      'MPS108 "cuda" info',
    ],
    [
      'os.environ.get',
      `import os\nd = os.environ.get("DEVICE", "cuda")\ny = torch.ones(1).to(d)\n`,
      'MPS108 "cuda" info',
    ],
    [
      'os.getenv',
      `import os\ndevice = os.getenv("DEVICE", "cuda:0")\ny = torch.ones(1).to(device)\n`,
      'MPS108 "cuda:0" info',
    ],
  ],
  expressions: [
    ['f-strings', `def f(x, rank):\n    return x.to(f"cuda:{rank}")\n`, 'MPS101 f"cuda:{rank}"'],
    ['f-strings of constants', `kind = "mps"\n${double}d = f"{kind}:0"\ny = x.to(d)\n`, found],
    ['concatenation', `${double}d = "mps" + ":0"\ny = x.to(d)\n`, found],
    [
      'concatenation with an index',
      `def f(x, rank):\n    return x.to("cuda:" + str(rank))\n`,
      'MPS101 "cuda:" + str(rank)',
    ],
    ['format', `def f(x, rank):\n    return x.to("cuda:{}".format(rank))\n`, 'MPS101 "cuda:{}"'],
    ['percent', `def f(x, rank):\n    return x.to("cuda:%d" % rank)\n`, 'MPS101 "cuda:%d" % rank'],
    [
      'torch.device with an index',
      `def f(x, rank):\n    return x.to(torch.device("cuda", rank))\n`,
      'MPS101 torch.device("cuda", rank)',
    ],
    ['a bare index is the accelerator, whichever it is', `y = torch.ones(1).to(0)\n`],
    ['a dict of devices', `ds = {"a": "mps"}\n${double}d = ds["a"]\ny = x.to(d)\n`, found],
    ['get from a dict', `ds = {"a": "mps"}\n${double}d = ds.get("a", "cpu")\ny = x.to(d)\n`, found],
    ['dict(…)', `ds = dict(a="mps")\n${double}d = ds["a"]\ny = x.to(d)\n`, found],
    ['a written key', `ds = {}\nds["a"] = "mps"\n${double}d = ds["a"]\ny = x.to(d)\n`, found],
    ['or chains', `${double}d = None or "" or "mps"\ny = x.to(d)\n`, found],
    ['or with an unknown', `${double}d = OPTION or "mps"\ny = x.to(d)\n`],
    [
      'if not given',
      `def f(device=None):\n    ${double}    d = "mps" if device is None else device\n    return x.to(d)\nf()\n`,
      found,
    ],
    [
      'if None then',
      `def f(device=None):\n    if device is None:\n        device = "mps"\n    ${double}    d = device\n    return x.to(d)\nf()\n`,
      found,
    ],
    ['unknown conditions join', `${double}d = "mps" if FLAG else "mps"\ny = x.to(d)\n`, found],
    [
      'the device of another tensor',
      `a = torch.ones(1, device="mps")\n${double}d = a.device\ny = x.to(d)\n`,
      found,
    ],
    [
      'the device of parameters',
      `m = torch.nn.Linear(1, 1).to("mps")\n${double}d = next(m.parameters()).device\ny = x.to(d)\n`,
      found,
    ],
    ['str of a device', `${double}d = str(torch.device("mps"))\ny = x.to(d)\n`, found],
    ['getattr', `class A:\n    d = "mps"\n${double}d = getattr(A, "d")\ny = x.to(d)\n`, found],
    ['a list that grew by nothing', `xs = []\nxs.extend()\nfor z in xs[0]:\n    pass\n`],
    [
      'a list that has grown may hold anything',
      `ds = []\nds.append(n)\n${double}d = "cpu" if "a" not in ds else "mps"\ny = x.to(d)\n`,
    ],
    [
      'getattr with a default',
      `class A:\n    pass\n${double}d = getattr(A(), "missing", "mps")\ny = x.to(d)\n`,
    ],
  ],
};

describe.each(Object.entries(rows))('%s', (_, cases) => {
  test.each(cases.map(([name, code, ...expected]) => [name, code, expected] as const))(
    '%s',
    (_name, code, expected) =>
      expect(findingsOf(parser, `import torch\n${code}`)).toEqual(expected),
  );
});
