"""Known errors: the real texts where this machine can make them, recorded ones elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from smelt_runtime.known_errors import TABLE, explain

ROWS = json.loads(Path(TABLE).read_text(encoding="utf-8"))
RULES = Path(__file__).parents[2] / "server" / "src" / "rules"

SETUP = "import torch, torch.distributed\nstore = torch.distributed.HashStore()\n"

# Texts of facts that only a Mac shows: from torch's and MLX's sources and from issues, never seen by us.
RECORDED = [
    ("TypeError: Cannot convert a MPS Tensor to float64 dtype as the MPS framework …", "MPS201", "float32"),
    (
        "NotImplementedError: The operator 'aten::eig' is not currently implemented for the MPS device",
        "MPS601",
        "no MPS kernel for aten::eig",
    ),
    ("RuntimeError: invalid low watermark ratio 1.4", "MPS302", "which is 1.4 unless"),
    ("RuntimeError: Placeholder storage has not been allocated on MPS device!", "MPS112", "on the CPU"),
    ("TypeError: can't convert mps:0 device type tensor to numpy. Use Tensor.cpu() …", "MPS503", ".cpu()"),
    ("RuntimeError: MPS backend out of memory (MPS allocated: 18.00 GB, other …", None, "smaller batch"),
    ("RuntimeError: Expected a 'mps:0' generator device but found 'cpu'", "MPS115", "torch.Generator"),
    ("[METAL] Command buffer execution failed: Insufficient Memory (00000008:kIO…)", "MLX604", "is full"),
    ("[metal::malloc] Resource limit (499000) exceeded.", None, "499000 live GPU buffers"),
    ("…/MPSNDArray.mm:891: failed assertion `[MPSNDArray init] Error: total bytes'", None, "total bytes"),
]


@pytest.mark.parametrize(("text", "rule", "part"), RECORDED)
def test_recorded_texts(text, rule, part):
    explanation, found = explain(text)
    assert found == rule
    assert part in (explanation or "")


def test_other_errors_are_not_explained():
    assert explain("ValueError: invalid literal for int()") == (None, None)
    assert explain("") == (None, None)


def test_every_row_is_whole_and_its_rule_exists():
    codes = {
        code
        for file in RULES.glob("*/*.ts")
        for code in re.findall(r"code: '(\w+)'", file.read_text("utf-8"))
    }
    for row in ROWS:
        assert set(row) == {"pattern", "explanation", "rule", "source"}
        assert row["source"]
        assert row["rule"] is None or row["rule"] in codes, row["rule"]
        groups = re.compile(row["pattern"]).groups
        assert all(int(n) <= groups for n in re.findall(r"\{(\d)\}", row["explanation"]))
        # What JavaScript does not know, or reads otherwise.
        assert not re.search(r"\(\?[P<i]|\\[AZ]", row["pattern"])


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("torch.zeros(1).cuda()", "MPS101"),
        ("torch.nn.Linear(2, 2).to('cuda')", "MPS101"),
        ("torch.distributed.init_process_group('nccl', store=store, rank=0, world_size=1)", "MPS701"),
        ("torch.accelerator.synchronize()", None),
        ("torch.ones(1).to('mps')", None),
    ],
)
def test_texts_of_torch_on_this_machine(kernel, code, rule):
    torch = pytest.importorskip("torch")
    if torch.accelerator.is_available():
        pytest.skip("this machine has a GPU: these are the errors of one without")
    error = kernel.run(f"{SETUP}{code}")["error"]
    assert error["explanation"], error["evalue"]
    assert error["rule"] == rule


@pytest.mark.parametrize(
    "code",
    [
        "threading.Thread(target=work).start() or done.wait() and raise_()",
        "a[a > 0]",
        "mx.compile(lambda x: x.sum().item())(a)",
    ],
    ids=["another thread", "mask", "item in compile"],
)
def test_texts_of_mlx_on_this_machine(kernel, code):
    pytest.importorskip("mlx.core")
    kernel.run(
        "import threading\n"
        "import mlx.core as mx\n"
        "a = mx.ones(3) + 1\n"
        "done, errors = threading.Event(), []\n"
        "def work():\n"
        "    try: mx.eval(a)\n"
        "    except Exception as error: errors.append(error)\n"
        "    done.set()\n"
        "def raise_():\n"
        "    raise errors[0]\n",
        evaluate=False,
    )
    error = kernel.run(code, evaluate=False)["error"]
    assert error["explanation"], error["evalue"]
