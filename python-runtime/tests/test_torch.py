"""Reports of cells that use torch, on the CPU that every machine has, and on CUDA where there is one."""

from __future__ import annotations

import pytest

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


def test_a_cell_without_torch_says_no_device(kernel):
    kernel.run("import torch\nx = torch.ones(2)")
    assert kernel.run("sum(range(10))")["report"]["device"] is None


def test_nothing_is_imported_on_the_users_behalf(kernel):
    events = kernel.run("import sys\n[name for name in ('torch', 'mlx', 'numpy') if name in sys.modules]")
    assert events["result"]["summary"] == "[]"


def test_fallbacks_are_counted_by_operator_and_line():
    from smelt_runtime.torch_device import TorchMeter

    # The text of aten/src/ATen/mps/MPSFallback.mm of torch 2.13; only a Mac sends it.
    text = (
        "The operator 'aten::linalg_svd' is not currently supported on the MPS backend and will fall back "
        "to run on the CPU. This may have performance implications."
    )
    meter = TorchMeter()
    assert meter.note_warning(text, "/project/train.py", 12)
    assert meter.note_warning(text, "/project/train.py", 12)
    assert not meter.note_warning("something else", "/project/train.py", 3)
    assert meter.fallbacks() == [
        {"operator": "aten::linalg_svd", "filename": "/project/train.py", "line": 11, "count": 2}
    ]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device: asynchronous work cannot be seen")
def test_time_on_cuda_includes_what_is_still_running(kernel):
    kernel.run("import torch\na = torch.ones(8192, 8192, device='cuda')\na @ a")
    report = kernel.run("for _ in range(10):\n    b = a @ a")["report"]
    assert report["device"] == "cuda"
    assert report["returned"] < report["wall"] / 2
    assert report["memory"][0]["after"] > 0
