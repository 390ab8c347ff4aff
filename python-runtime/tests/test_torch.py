"""Reports of cells that use torch, on the CPU that every machine has, and on CUDA where there is one."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from kernel_process import KernelProcess

torch = pytest.importorskip("torch")


def test_device_dtype_and_time_of_a_matmul(kernel):
    first = kernel.run("import torch\na = torch.ones(512, 512)\nb = a @ a")["report"]
    assert first["device"] == "cpu"
    assert any(caveat["kind"] == "first-run" for caveat in first["caveats"])
    events = kernel.run("b = a @ a\nb")
    assert events["result"]["summary"] == "tensor float32 [512, 512] cpu"
    report = events["report"]
    assert report["device"] == "cpu"
    assert 0 < report["returned"] <= report["wall"]
    assert report["caveats"] == []
    (use,) = report["uses"]
    assert use["names"] == ["b"]
    assert use["bytes"] == 512 * 512 * 4


def test_a_cell_that_changes_nothing_is_placed_by_what_it_names(kernel):
    kernel.run("import torch\nmodel = torch.nn.Linear(8, 8)\nx = torch.ones(2, 8)")
    report = kernel.run("model(x).sum().item();")["report"]
    assert report["device"] == "cpu"
    assert set(report["uses"][0]["names"]) == {"model", "x"}


def test_attributes_and_parameters_are_no_variables_of_the_same_name(kernel):
    kernel.run("import torch\ndata = torch.ones(2)\nclass Holder: pass\nholder = Holder()\nholder.data = 1")
    assert kernel.run("holder.data + 1")["report"]["device"] is None
    assert kernel.run("(lambda data: data)(3)")["report"]["device"] is None
    assert kernel.run("data.sum().item()")["report"]["device"] == "cpu"


def test_a_new_tensor_where_the_old_one_has_lain_is_new(kernel):
    kernel.run("import torch\nx = torch.ones(2)\ny = torch.ones(2)")
    report = kernel.run("del x\nx = torch.ones(2)\ny = y + 1")["report"]
    assert set(report["uses"][0]["names"]) == {"x", "y"}


@pytest.mark.parametrize("magic", ["%%time\n", "%%timeit -n 2 -r 2\n", "%timeit -n1 -r 1 ", "%time "])
def test_what_a_timing_magic_runs_is_placed(magic):
    pytest.importorskip("IPython")
    kernel = KernelProcess()
    kernel.run("import torch\nmodel = torch.nn.Linear(8, 8)\nx = torch.ones(2, 8)")
    report = kernel.run(f"{magic}model(x).sum().item()")["report"]
    assert set(report["uses"][0]["names"]) == {"model", "x"}
    kernel.close()


def test_tensors_without_numbers_are_no_work_for_a_gpu(kernel):
    kernel.run("import torch\na = torch.ones(512, 512, device='meta')")
    report = kernel.run("b = a @ a")["report"]
    assert report["device"] == "meta"
    assert report["flops"] is None
    assert report["caveats"] == []


def test_a_training_is_where_its_model_is_whatever_else_is_bound():
    """As seen from the part that decides: there is no GPU here whose tensors could be made."""
    from smelt_runtime.measure import Measurement
    from smelt_runtime.outcome import Outcome

    class Tensor(torch.Tensor):
        device = "cuda:0"

    namespace = {"model": torch.ones(3).as_subclass(Tensor), "losses": torch.ones(2)}
    measurement = Measurement(namespace)
    measurement.begin()
    measurement.returned()
    outcome = Outcome(codes=[compile("losses = train(model)", "<cell>", "exec")])
    measurement.settle(outcome)
    assert measurement.report(interrupted=False)["device"] == "cuda"


def test_what_functions_and_objects_hold_is_placed(kernel):
    kernel.run("import functools, torch\nx = torch.ones(2, 2)\nclass Holder: pass\nh = Holder()\nh.x = 1")
    for definition, work in (
        ("def work():\n    return x @ x", "y = work().tolist()"),
        (
            "class Work:\n    def step(self):\n        return self.x @ self.x\nw = Work()\nw.x = x",
            "w.step();",
        ),
        ("def numbers():\n    while True:\n        yield x @ x\nn = numbers()", "next(n);"),
        ("work = functools.partial(torch.mm, x)", "work(x.clone()).tolist();"),
    ):
        kernel.run(definition)
        assert kernel.run(work)["report"]["device"] == "cpu", work
    kernel.run("def no_work():\n    return h.x")
    assert kernel.run("no_work()")["report"]["device"] is None


def test_an_object_on_a_gpu_is_not_left_on_the_cpu_for_its_losses():
    from smelt_runtime.measure import Measurement
    from smelt_runtime.outcome import Outcome

    class Tensor(torch.Tensor):
        device = "cuda:0"

    class Trainer:
        weight, losses = torch.ones(3).as_subclass(Tensor), torch.ones(2)

    Trainer.__module__ = "__main__"
    measurement = Measurement({"trainer": Trainer(), "torch": torch})
    measurement.begin()
    measurement.returned()
    measurement.settle(Outcome(codes=[compile("trainer.fit()", "<cell>", "exec")]))
    report = measurement.report(interrupted=False)
    assert (report["device"], [use["device"] for use in report["uses"]]) == ("cuda", ["cuda:0"])


def test_a_cell_that_fails_is_placed_too(kernel):
    kernel.run("import torch\na = torch.ones(64, 64)")
    report = kernel.run("b = a @ a\n1 / 0")["report"]
    assert (report["device"], report["uses"][0]["names"]) == ("cpu", ["b"])
    kernel.start("print('go')\nwhile True:\n    c = a @ a")
    kernel.printed(b"go")
    kernel.interrupt()
    assert kernel.finish()["report"]["device"] == "cpu"


def test_bytes_are_those_that_are_held(kernel):
    kernel.run("import torch, warnings\nwarnings.simplefilter('ignore')")
    for make, size in (
        ("x = torch.ones(100)\ny, z = x.view(10, 10), x[50:]", 400),
        ("x = torch.ones(1).expand(1000, 1000)", 4),
        ("x = torch.ones(10, dtype=torch.float16)[::2]", 10),
        ("x = torch.eye(1000).to_sparse()", 1000 * (2 * 8 + 4)),
        ("x = torch.eye(1000).to_sparse_csr()", 1001 * 8 + 1000 * 8 + 1000 * 4),
        ("x = torch.eye(1000).to_sparse_csc()", 1001 * 8 + 1000 * 8 + 1000 * 4),
        ("x = torch.nn.Linear(10, 10)\nx.again = x.weight", 440),
    ):
        assert sum(use["bytes"] for use in kernel.run(make)["report"]["uses"]) == size, make


def test_a_fake_tensor_is_on_no_device(kernel):
    kernel.run("import torch\nfrom torch._subclasses.fake_tensor import FakeTensorMode")
    report = kernel.run("with FakeTensorMode():\n    x = torch.ones(1000, 1000)")["report"]
    assert report["device"] == "meta"


def test_a_cell_without_torch_says_no_device(kernel):
    kernel.run("import torch\nx = torch.ones(2)")
    assert kernel.run("sum(range(10))")["report"]["device"] is None


def test_nothing_is_imported_on_the_users_behalf(kernel):
    events = kernel.run("import sys\n[name for name in ('torch', 'mlx', 'numpy') if name in sys.modules]")
    assert events["result"]["summary"] == "[]"


# The text of aten/src/ATen/mps/MPSFallback.mm of torch 2.13; only a Mac sends it by itself.
FALLBACK = (
    "import warnings\n"
    "def detour(name):\n"
    "    text = f\"The operator '{name}' is not currently supported on the MPS backend and will fall \"\n"
    "    text += 'back to run on the CPU. This may have performance implications.'\n"
    "    warnings.warn(text, UserWarning, 2)\n"
)


def test_fallbacks_are_counted_by_operator_and_line(kernel):
    kernel.run("import torch\n" + FALLBACK)
    code = "for _ in range(3):\n    detour('aten::linalg_svd')\ndetour('aten::mode')\nwarnings.warn('mine')"
    report = kernel.run(code, line=20)["report"]
    assert report["fallbacks"] == [
        {"operator": "aten::linalg_svd", "filename": "/project/cell.py", "line": 21, "count": 3},
        {"operator": "aten::mode", "filename": "/project/cell.py", "line": 22, "count": 1},
    ]
    assert kernel.run("1")["report"]["fallbacks"] == []
    _, stderr = kernel.close()
    assert "UserWarning: mine" in stderr
    assert "not currently supported" not in stderr


def test_a_fallback_in_the_cell_that_imports_torch_is_seen_and_ignored_warnings_end_with_their_cell(kernel):
    # What libraries do to see whether torch is there.
    look = "import importlib.util\nimportlib.util.find_spec('torch')\n"
    report = kernel.run(f"{look}import torch\n{FALLBACK}detour('aten::mode')")["report"]
    assert [fallback["operator"] for fallback in report["fallbacks"]] == ["aten::mode"]
    kernel.run("warnings.simplefilter('ignore')")
    assert kernel.run("detour('aten::mode')")["report"]["fallbacks"][0]["count"] == 1


def test_torch_warns_always_only_while_a_cell_runs(kernel):
    assert kernel.run("import torch\ntorch.is_warn_always_enabled()")["result"]["summary"] == "True"
    kernel.run("class Shown:\n    def _repr_html_(self):\n        return str(torch.is_warn_always_enabled())")
    assert kernel.run("Shown()")["result"]["data"]["text/html"] == "False"


def test_memory_of_the_process_and_the_times_of_the_clock(kernel):
    kernel.run("import torch")
    report = kernel.run("x = torch.ones(16_000_000)")["report"]
    grown = report["host"]["after"] - report["host"]["before"]
    assert 60_000_000 < grown < 100_000_000
    assert report["host"]["peak"] is None or report["host"]["peak"] >= report["host"]["after"]
    begun, ended = (
        datetime.fromisoformat(report[key].replace("Z", "+00:00")) for key in ("started", "ended")
    )
    assert abs((ended - begun).total_seconds() * 1e9 - report["wall"]) < 2_000
    assert abs((datetime.now(timezone.utc) - ended).total_seconds()) < 600


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device: asynchronous work cannot be seen")
def test_time_on_cuda_includes_what_is_still_running(kernel):
    kernel.run("import torch\na = torch.ones(8192, 8192, device='cuda')\na @ a")
    report = kernel.run("for _ in range(10):\n    b = a @ a")["report"]
    assert report["device"] == "cuda"
    assert report["returned"] < report["wall"] / 2
    assert report["memory"][0]["after"] > 0
