"""Operations are told when they are sure, and as torch's own counter counts them."""

from __future__ import annotations

import pytest

from smelt_runtime.flops import flops_of

torch = pytest.importorskip("torch")
flop_counter = pytest.importorskip("torch.utils.flop_counter")

KNOWN = [
    "c = a @ b",
    "for _ in range(3):\n    c = a @ b",
    "t = time.perf_counter()\nfor i in range(n):\n    c = torch.mm(a, b)\nprint(time.perf_counter() - t)",
    "c = a @ b\nd = torch.matmul(c, b)\nd @ a",
    "torch.bmm(batch, batch)",
    "batch @ a",
    "x = a\nfor _ in range(4):\n    x = x @ a",
]
UNKNOWN = [
    "c = model(a)",
    "c = a @ b + 1",
    "c = (a @ b).relu()",
    "while n:\n    a @ b\n    break",
    "for _ in range(len(a)):\n    a @ b",
    "def f():\n    return a @ b",
    "a @ vector",
    "ints @ ints",
    "a = a @ a",
    "print = lambda x: x @ x\nprint(a)",
    "n + 1",
    "c = a @ (",
    "a @ missing",
    "sparse @ a",
    "nested @ nested",
]


def namespace() -> dict:
    return {
        "torch": torch,
        "time": __import__("time"),
        "a": torch.ones(8, 8),
        "b": torch.ones(8, 8),
        "batch": torch.ones(3, 8, 8),
        "vector": torch.ones(8),
        "ints": torch.ones(8, 8, dtype=torch.int32),
        "sparse": torch.eye(8).to_sparse(),
        "nested": torch.nested.nested_tensor([torch.ones(2, 2), torch.ones(3, 3)]),
        "model": torch.nn.Linear(8, 8),
        "n": 2,
    }


@pytest.mark.parametrize("code", KNOWN)
def test_counts_are_those_of_torch(code):
    names = namespace()
    with flop_counter.FlopCounterMode(display=False) as mode:
        exec(code, names)  # noqa: S102 - a cell
    assert flops_of(code, names) == mode.get_total_flops() > 0


@pytest.mark.parametrize("code", UNKNOWN)
def test_what_is_not_sure_is_not_told(code):
    assert flops_of(code, namespace()) is None


def test_the_report_has_them(kernel):
    kernel.run("import torch\na = torch.ones(64, 64)")
    assert kernel.run("for _ in range(10):\n    b = a @ a")["report"]["flops"] == 10 * 2 * 64**3
    assert kernel.run("b = a.relu() @ a")["report"]["flops"] is None
    assert kernel.run("b = a @ a\n1 / 0")["report"]["flops"] is None


def test_mlx_products_count_once_and_loops_do_not(kernel):
    pytest.importorskip("mlx.core")
    kernel.run("import mlx.core as mx\na = mx.ones((32, 32))\nmx.eval(a)")
    assert kernel.run("b = a @ a\nc = mx.matmul(b, a)")["report"]["flops"] == 2 * 2 * 32**3
    # Only the last product is ever computed.
    assert kernel.run("for _ in range(10):\n    b = a @ a")["report"]["flops"] is None
    # Nobody asks for the first product; of a name that is bound twice, nobody for the first.
    assert kernel.run("a @ a\nb = a @ a")["report"]["flops"] is None
    assert kernel.run("b = a @ a\nb = a @ a")["report"]["flops"] is None
    assert kernel.run("b = a @ a", evaluate=False)["report"]["flops"] is None
