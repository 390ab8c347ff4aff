"""Profile mode: where the time of a cell goes, line by line."""

from __future__ import annotations

import pytest

CELL = """\
import math

def work(n):
    total = 0
    for i in range(n):
        total += math.sqrt(i)
    return total

for _ in range(3):
    work(2_000)
pair = (
    work(10),
    [work(j) for j in range(2)],
)
"""


def by_line(events) -> dict[int, dict]:
    return {line["line"]: line for line in events["profile"]["lines"]}


def test_loops_and_functions_add_up_by_line(kernel):
    events = kernel.run(CELL, mode="profile", line=100)
    assert events["done"]["status"] == "ok"
    lines = by_line(events)
    assert lines[105]["count"] == 3 * 2_000 + 10 + 0 + 1
    assert lines[109]["count"] == 3
    assert lines[103]["count"] == 6
    # A statement of several lines is one, and its comprehension is part of it.
    assert lines[110]["count"] == 1
    assert lines[110]["end_line"] == 113
    assert 111 not in lines
    assert max(lines.values(), key=lambda line: line["wall"])["line"] in (104, 105)
    assert events["profile"]["filename"] == "/project/cell.py"


def test_the_lines_add_up_to_the_cell(kernel):
    events = kernel.run(
        "import time\nfor _ in range(5):\n    time.sleep(0.2)\ntime.sleep(0.001)", mode="profile"
    )
    lines = by_line(events)
    total = sum(line["wall"] for line in lines.values())
    assert total <= events["report"]["wall"]
    # What is left is the profiler's: far less than the sleeping.
    assert events["report"]["wall"] - total - events["profile"]["own"] < 0.1 * total
    assert lines[2]["count"] == 5
    assert lines[2]["wall"] > lines[3]["wall"]


def test_functions_of_other_cells_of_the_file_are_profiled_and_unchanged(kernel):
    kernel.run("def twice(x):\n    y = x\n    return y + x", line=10)
    events = kernel.run("twice(2)", line=30, mode="profile")
    assert sorted(by_line(events)) == [11, 12, 30]
    assert events["result"]["summary"] == "4"
    events = kernel.run("import sys\nsys.gettrace() is None", line=40)
    assert events["result"]["summary"] == "True"
    assert "profile" not in events


def test_an_error_and_an_interrupt_keep_the_profile(kernel):
    events = kernel.run("x = 1\ndef f():\n    return 1 / 0\nf()", mode="profile")
    assert events["error"]["ename"] == "ZeroDivisionError"
    assert [frame["line"] for frame in events["error"]["frames"]] == [3, 2]
    assert 2 in by_line(events)
    kernel.start("print('go')\nwhile True:\n    pass", mode="profile")
    assert kernel.event()["type"] == "started"
    kernel.interrupt()
    events = kernel.finish()
    assert events["done"]["status"] == "interrupted"
    assert kernel.run("1+1")["result"]["summary"] == "2"


def test_generators_and_await(kernel):
    code = (
        "import asyncio\n"
        "def numbers():\n"
        "    for i in range(3):\n"
        "        yield i\n"
        "async def nap():\n"
        "    await asyncio.sleep(0.01)\n"
        "total = sum(numbers())\n"
        "await nap()"
    )
    events = kernel.run(code, mode="profile")
    lines = by_line(events)
    assert lines[3]["count"] == 3
    assert lines[7]["count"] == 1


def test_syntax_errors_have_an_empty_profile(kernel):
    events = kernel.run("x = (", mode="profile")
    assert events["profile"]["lines"] == []
    assert events["error"]["ename"] == "SyntaxError"


def test_torch_lines_say_their_device(kernel):
    pytest.importorskip("torch")
    kernel.run("import torch\na = torch.ones(700, 700)")
    code = "n = 3\nfor _ in range(n):\n    b = a @ a\nc = b.sum()"
    lines = by_line(kernel.run(code, mode="profile"))
    assert lines[0]["device"] is None
    assert lines[2]["device"] == "cpu"
    assert lines[2]["count"] == 3
    assert lines[2]["wall"] > lines[3]["wall"]


def test_mlx_work_counts_where_its_graph_is_built(kernel):
    pytest.importorskip("mlx.core")
    kernel.run("import mlx.core as mx\na = mx.ones((900, 900))\nmx.eval(a)")
    code = "b = a @ a\nc = b + 1\nmx.eval(c)"
    lines = by_line(kernel.run(code, mode="profile"))
    assert lines[0]["device"] in ("mlx cpu", "mlx gpu")
    assert lines[0]["wall"] > lines[2]["wall"]
    assert lines[0]["returned"] < lines[0]["wall"] / 2
    # Without evaluation all of it comes where the program asks for it.
    lines = by_line(kernel.run(code, mode="profile", evaluate=False))
    assert lines[2]["wall"] > lines[0]["wall"]


def test_what_a_call_leaves_lazy_counts_where_it_is_called(kernel):
    pytest.importorskip("mlx.core")
    kernel.run(
        "import mlx.core as mx\n"
        "a = mx.ones((900, 900))\n"
        "mx.eval(a)\n"
        "class Model:\n"
        "    def step(self):\n"
        "        self.a = a @ a\n"
        "model = Model()",
        filename="/other.py",
    )
    lines = by_line(kernel.run("model.step()\nmx.eval(model.a)", mode="profile"))
    assert lines[0]["wall"] > lines[1]["wall"]


def test_a_function_that_mlx_differentiates_or_compiles_can_be_profiled(kernel):
    pytest.importorskip("mlx.core")
    code = (
        "import mlx.core as mx\n"
        "def loss(w):\n"
        "    y = w * w\n"
        "    return y.sum()\n"
        "g = mx.grad(loss)(mx.ones(3))\n"
        "f = mx.compile(loss)(mx.ones(3))\n"
        "[g.tolist(), f.item()]"
    )
    events = kernel.run(code, mode="profile")
    assert events["result"]["summary"] == "[[2.0, 2.0, 2.0], 3.0]"
