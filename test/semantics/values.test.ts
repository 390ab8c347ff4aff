import type { Row } from './table.ts';
import { double, found, testRows } from './table.ts';

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
      `import sys\ntry:\n    import einops\nexcept ImportError:\n    sys.exit()\ny = torch.ones(1).to("cuda")\n`,
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
};

testRows(rows);
