"""Reports of cells that use MLX."""

from __future__ import annotations

import pytest

pytest.importorskip("mlx.core")

DEVICES = ("mlx cpu", "mlx gpu")


def test_lazy_arrays_are_computed_inside_the_time_and_said_so(kernel):
    kernel.run("import mlx.core as mx\na = mx.ones((1024, 1024))\nmx.eval(a)")
    report = kernel.run("b = a @ a")["report"]
    assert report["device"] in DEVICES
    assert report["unevaluated"] == 1
    assert report["evaluated"] > 0
    assert report["wall"] >= report["returned"] + report["evaluated"]
    # A product of 1024 x 1024 is 2 GFLOP: no CPU does that in the time that building a graph takes.
    assert report["evaluated"] > report["returned"]
    assert [caveat["kind"] for caveat in report["caveats"]] == ["lazy"]


def test_an_evaluated_array_is_not_lazy(kernel):
    kernel.run("import mlx.core as mx\na = mx.ones((64, 64))")
    report = kernel.run("b = a @ a\nmx.eval(b)")["report"]
    assert report["unevaluated"] == 0
    assert report["caveats"] == []


@pytest.mark.parametrize(
    "stream", ["mx.new_stream(mx.default_device())", "mx.new_thread_local_stream(mx.default_device())"]
)
def test_what_other_streams_compute_is_waited_for(kernel, stream):
    """mx.synchronize() alone waits for the default stream of the default device."""
    kernel.run("import mlx.core as mx\na = mx.ones((512, 512))\nmx.eval(a)")
    kernel.run(f"if hasattr(mx, {stream.split('(')[0][3:]!r}):\n    s = {stream}")
    work = "with mx.stream(s):\n    b = a\n    for _ in range(60):\n        b = b @ a\n    mx.async_eval(b)"
    walls, left = [], []
    for _ in range(3):
        walls.append(kernel.run(work)["report"]["wall"])
        left.append(kernel.run("mx.synchronize(s)")["report"]["wall"])
    # The least of several: a busy machine makes some longer, and none shorter.
    assert min(left) < min(walls) / 5


def test_streams_that_are_gone_are_no_error(kernel):
    kernel.run("import mlx.core as mx\ns = mx.new_stream(mx.cpu)\nmx.clear_streams()")
    assert kernel.run("1 + 1")["done"]["status"] == "ok"


def test_arrays_in_modules_and_containers_count(kernel):
    kernel.run("import mlx.core as mx\nimport mlx.nn as nn")
    report = kernel.run("model = nn.Linear(4, 4)\nlayers = [mx.ones(3), {'w': mx.zeros(2)}]")["report"]
    assert report["uses"][0]["count"] == 4
    assert set(report["uses"][0]["names"]) == {"model", "layers"}


STEP = """
import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim
model = nn.Linear(4, 4)
optimizer = optim.SGD(learning_rate=0.1)
loss_and_gradients = nn.value_and_grad(model, lambda x: model(x).sum())
def step(x):
    loss, gradients = loss_and_gradients(x)
    optimizer.update(model, gradients)
    return loss
class Trainer:
    def __init__(self):
        self.model = model
    def step(self, x):
        return step(x)
trainer = Trainer()
state = [model.state, optimizer.state]
compiled = mx.compile(step, inputs=state, outputs=state)
x = mx.ones((2, 4))
mx.eval(state, x)
"""


@pytest.mark.parametrize("call", ["step(x)", "trainer.step(x)", "compiled(x)", "(lambda: step(x))()"])
def test_parameters_that_a_function_updates_are_computed_too(kernel, call):
    """The loss, the weight and the bias: the update is work of this cell, whatever it gives back."""
    assert kernel.run(STEP)["done"]["status"] == "ok"
    assert kernel.run(f"loss = {call}")["report"]["unevaluated"] >= 3
    assert kernel.run(f"loss = {call}\nmx.eval(loss, state)")["report"]["unevaluated"] == 0


def test_lazy_arrays_of_other_cells_are_not_of_this_one(kernel):
    kernel.run("import mlx.core as mx\nx = mx.ones(3)\nmx.eval(x)\ny = x + 1\nraise ValueError")
    assert kernel.run("x = x * 1; mx.eval(x); id(x)")["report"]["unevaluated"] == 0
    if kernel.ready["shell"] == "ipython":
        assert kernel.run("%time x = x * 1; mx.eval(x)")["report"]["unevaluated"] == 0


def test_what_a_compiled_function_has_left_behind_is_no_error(kernel):
    kernel.run(
        "import mlx.core as mx\nleft = []\n"
        "def f(x):\n    left.append(x + 1)\n    return x * 2\n"
        "g = mx.compile(f)\nx = mx.ones(3)\nmx.eval(x, g(x))"
    )
    events = kernel.run("y = g(x)")
    assert events["done"]["status"] == "ok"
    assert events["report"]["unevaluated"] == 1
    assert kernel.run("len(left)")["done"]["status"] == "ok"


def test_large_containers_cost_little(kernel):
    """A vocabulary and ten million numbers beside the arrays of a cell."""
    kernel.run("import mlx.core as mx\nx = mx.ones(3)\nmx.eval(x)\nn = list(range(10_000_000))")
    kernel.run("class Holder:\n    pass\nheld = Holder()\nheld.words = {str(i): i for i in range(300_000)}")
    assert kernel.run("held.x = x + len(held.words) + len(n)")["report"]["unevaluated"] == 1


def test_lazy_arrays_of_one_graph_are_counted_once_each(kernel):
    kernel.run("import mlx.core as mx\nx = mx.ones(3)\nmx.eval(x)")
    report = kernel.run("a = x + 1\nb = a * 2\nc, d = mx.split(b, [1])\ne = [a, b, x]")["report"]
    assert report["unevaluated"] == 4


def test_the_result_is_described_without_computing_it_twice(kernel):
    kernel.run("import mlx.core as mx")
    events = kernel.run("mx.ones((2, 3)) * 2")
    assert events["result"]["summary"] == "array float32 [2, 3]"
    assert events["report"]["unevaluated"] == 1


@pytest.mark.parametrize("code", ["a @ a;", "f();", "next(g);"])
def test_a_result_that_is_not_shown_is_computed_for_its_time(kernel, code):
    kernel.run(
        "import mlx.core as mx\na = mx.ones((64, 64))\nmx.eval(a)\n"
        "def f(): return a @ a\ng = (a @ a for _ in 'ab')"
    )
    events = kernel.run(code)
    assert "result" not in events
    assert events["report"]["unevaluated"] == 1
    assert events["report"]["flops"] == (2 * 64**3 if "@" in code else None)


def test_what_a_cell_that_fails_leaves_lazy_is_said_and_not_computed(kernel):
    kernel.run("import mlx.core as mx\na = mx.ones((64, 64))\nmx.eval(a)")
    report = kernel.run("b = a @ a\n1 / 0")["report"]
    assert (report["unevaluated"], report["evaluated"], report["flops"]) == (1, 0, None)
    assert report["device"] in DEVICES
    assert "not timed" in report["caveats"][0]["text"]


def test_what_a_thread_has_enqueued_is_waited_for(kernel):
    """Each thread has streams of its own (mlx 0.32.4)."""
    kernel.run(
        "import threading\nimport mlx.core as mx\na = mx.ones((512, 512))\nmx.eval(a)\nheld = {}\n"
        "def work():\n"
        "    b = mx.ones((512, 512))\n"
        "    for _ in range(60):\n        b = b @ a\n"
        "    mx.async_eval(b)\n"
        "    held['b'] = b\n"
    )
    walls, left = [], []
    for _ in range(3):
        walls.append(kernel.run("t = threading.Thread(target=work)\nt.start()\nt.join()")["report"]["wall"])
        left.append(kernel.run("mx.eval(held['b'])")["report"]["wall"])
    assert min(left) < min(walls) / 5


def test_an_interrupted_wait_counts(kernel):
    kernel.run("import mlx.core as mx\na = mx.ones((512, 512))\nmx.eval(a)")
    kernel.start("b = a\nfor _ in range(60):\n    b = b @ a\nmx.async_eval(b)\nprint('go')")
    kernel.printed(b"go")
    kernel.interrupt()
    events = kernel.finish()
    assert events["done"]["status"] == "interrupted"
    assert events["report"]["wall"] >= events["report"]["returned"] > 0


def test_memory_is_read_before_and_after(kernel):
    kernel.run("import mlx.core as mx")
    (memory,) = kernel.run("a = mx.ones((1024, 1024)) + 1")["report"]["memory"]
    # Metal rounds buffers up to pages.
    assert 4 * 1024 * 1024 <= memory["after"] - memory["before"] < 5 * 1024 * 1024


def test_torch_and_mlx_in_one_cell_name_both(kernel):
    pytest.importorskip("torch")
    kernel.run("import torch\nimport mlx.core as mx")
    report = kernel.run("t = torch.ones(4)\nm = mx.ones(4)")["report"]
    assert report["device"] in {f"cpu + {device}" for device in DEVICES}


def test_lazy_arrays_stay_lazy_when_the_editor_says_so(kernel):
    kernel.run("import mlx.core as mx\na = mx.ones((64, 64))\nmx.eval(a)")
    kernel.run("b = a @ a")
    report = kernel.run("c = a @ a", evaluate=False)["report"]
    assert report["unevaluated"] == 1
    assert report["evaluated"] == 0
    assert "not timed" in report["caveats"][0]["text"]
