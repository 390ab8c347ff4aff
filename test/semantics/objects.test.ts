import type { Row } from './table.ts';
import { double, found, testRows } from './table.ts';

const rows: Record<string, readonly Row[]> = {
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
      'MPS102 ["cuda", "cpu"] info',
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

testRows(rows);
