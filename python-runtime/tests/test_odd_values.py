"""Values and frameworks that answer with errors cost a report some of its facts, and a cell nothing."""

from __future__ import annotations

import pytest

META = "class Odd(metaclass=Meta): pass"
ODD = [
    "class Odd: __module__ = 5",
    "class Odd: __module__ = property(lambda self: 1 / 0)",
    "Odd = eval(\"type('Odd', (), {})\", {})",
    f"class Meta(type):\n    def __getattr__(cls, name): raise RuntimeError(name)\n{META}",
    f"class Meta(type):\n    __mro__ = property(lambda cls: 1 / 0)\n{META}",
    f"class Meta(type):\n    __module__ = property(lambda cls: 1 / 0)\n{META}",
    f"class Meta(type):\n    __name__ = property(lambda cls: 1 / 0)\n{META}",
    f"class Meta(type):\n    __hash__ = None\n{META}",
    "class Odd(dict):\n    def values(self): 1 / 0\n    def __len__(self): 1 / 0\n    __iter__ = __len__",
    "class Odd:\n    def __getattribute__(self, name): 1 / 0",
    "class Odd:\n    __dict__ = property(lambda self: 1 / 0)",
    "Odd = lambda: globals().update({5: 5, (1, 2): 3})",
]
WRONG_DEVICE = "class Wrong(torch.Tensor):\n    device = property(lambda self: 1 / 0)\n"
WRONG_FUNCTION = "class Wrong(torch.Tensor):\n    __torch_function__ = classmethod(lambda *_: 1 / 0)\n"
ODD_TORCH = [
    "class Odd(torch.nn.Module):\n    def parameters(self, recurse=True): 1 / 0",
    "class Odd(torch.nn.Module):\n    def __init__(self): pass",
    "class Odd(torch.nn.Module):\n    def __getattr__(self, name): 1 / 0",
    "def Odd(): return torch.jit.script(torch.nn.Linear(2, 2))",
    "def Odd(): return torch.nn.LazyLinear(2)",
    f"{WRONG_DEVICE}def Odd(): return torch.ones(2).as_subclass(Wrong)",
    f"{WRONG_FUNCTION}def Odd(): return torch.Tensor._make_subclass(Wrong, torch.ones(2))",
    "def Odd(): return torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])",
]


def answers(kernel) -> bool:
    events = kernel.run("40 + 2")
    return events["result"]["summary"] == "42" and events["report"]["wall"] > 0


def keep(kernel, odd: str) -> None:
    """Make an odd value, name it, use it in a function, and ask for the variables."""
    for code in (odd, "odd = Odd()", "[odd, 1][1]", "f = lambda: odd\nf()\n1"):
        events = kernel.run(code)
        assert events["done"]["status"] == "ok", (odd, code, events)
        assert events["report"]["wall"] > 0
    kernel.send(type="variables", id=900, path=[])
    assert "odd" in {each["name"] for each in kernel.event()["variables"]}
    # Some cannot be shown, and say so.
    kernel.run("odd")
    assert answers(kernel), odd


@pytest.mark.parametrize("framework", ["torch", "mlx.core"])
def test_odd_classes(kernel, framework):
    pytest.importorskip(framework)
    kernel.run(f"import {framework}")
    for odd in ODD:
        keep(kernel, odd)


def test_odd_tensors_and_modules(kernel):
    pytest.importorskip("torch")
    kernel.run("import torch, warnings\nwarnings.simplefilter('ignore')")
    for odd in ODD_TORCH:
        keep(kernel, odd)


def test_a_torch_that_a_cell_has_changed(kernel):
    pytest.importorskip("torch")
    kernel.run(
        "import sys, warnings, torch\na = torch.ones(8, 8)\n"
        "kept = {each: dict(vars(each)) for each in (torch, torch.backends.mps, torch.cuda, warnings)}"
    )
    for breakage in (
        "torch.set_warn_always = None",
        "torch.backends = None",
        "torch.cuda = None",
        "torch.cuda.is_available = lambda: 1 / 0",
        "torch.backends.mps.is_available = lambda: 1 / 0",
        "torch.backends.mps.is_available = lambda: True",
        "warnings.showwarning = None",
        "warnings.filters = None",
        "sys.modules['torch'] = None",
        "del sys.modules['torch']",
    ):
        kernel.run(breakage)
        events = kernel.run("b = a @ a")
        assert events["done"]["status"] == "ok", breakage
        assert events["report"]["wall"] > 0
        assert answers(kernel), breakage
        kernel.run(
            "for module, names in kept.items():\n    vars(module).update(names)\nsys.modules['torch'] = torch"
        )
    assert kernel.run("b = a @ a")["report"]["device"] == "cpu"


def test_an_mlx_that_a_cell_has_changed(kernel):
    pytest.importorskip("mlx.core")
    kernel.run("import mlx.core as mx\na = mx.ones((8, 8))\nkept = dict(vars(mx))")
    for breakage in (
        "mx.export_to_dot = None",
        "mx.get_active_memory = lambda: 1 / 0",
        "mx.default_device = None",
    ):
        kernel.run(breakage)
        events = kernel.run("b = a @ a")
        assert events["done"]["status"] == "ok", breakage
        assert answers(kernel), breakage
        kernel.run("vars(mx).update(kept)")
    assert kernel.run("b = a @ a")["report"]["unevaluated"] == 1
