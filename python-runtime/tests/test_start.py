"""What a start leaves for later is there when it is needed, and never in the time of a cell."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from kernel_process import RUNTIME, KernelProcess

from smelt_runtime.later import MODULES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def installed(tmp_path):
    """Smelt in a folder of its own, as an extension is."""
    folder = tmp_path / "extension" / "python-runtime"
    shutil.copytree(
        RUNTIME / "smelt_runtime", folder / "smelt_runtime", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder


@pytest.mark.parametrize("writes", ["", "1"], ids=["", "without PYTHONDONTWRITEBYTECODE"])
def test_the_second_start_finds_bytecode(installed, writes):
    environment = {"PYTHONDONTWRITEBYTECODE": writes}
    KernelProcess(runtime=installed, environment=environment).close()
    cache = installed / "smelt_runtime" / "__pycache__"
    first = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert any(name.startswith("kernel.") for name in first)
    KernelProcess(runtime=installed, environment=environment).close()
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == first


def test_a_module_that_has_changed_is_compiled_again(installed):
    environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    KernelProcess(runtime=installed, environment=environment).close()
    source = installed / "smelt_runtime" / "protocol.py"
    source.write_text(source.read_text().replace("PROTOCOL = 1", "PROTOCOL = 1001"))
    kernel = KernelProcess(runtime=installed, environment=environment)
    assert kernel.ready["protocol"] == 1001
    kernel.close()


def test_a_folder_that_takes_no_bytecode_is_no_hindrance(installed):
    # As good as read-only, also for a user who may write everywhere.
    (installed / "smelt_runtime" / "__pycache__").write_text("no folder")
    kernel = KernelProcess(runtime=installed, environment={"PYTHONDONTWRITEBYTECODE": "1"})
    assert kernel.run("1")["done"]["status"] == "ok"
    assert kernel.close()[1] == ""


WATCH = """
import sys, threading, time

def watch():
    while {last!r} not in sys.modules:
        time.sleep(0.01)
    print("all is here", *(name for name in sys.modules if name.startswith("smelt_runtime.")), "end")

threading.Thread(target=watch).start()
"""


def settled(kernel: KernelProcess) -> list[str]:
    """Wait until a kernel has loaded all that it left for later; the names of Smelt's modules in it."""
    kernel.run(WATCH.format(last=f"smelt_runtime.{MODULES[-1]}"))
    kernel.printed(b" end")
    return kernel.printed_text().partition("all is here")[2].partition(" end")[0].split()


def imported(source: Path) -> set[str]:
    """Smelt's modules that a module imports, at once or later."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("smelt_runtime."):
            found.add(node.module)
    return found


def test_whatever_is_imported_later_is_loaded_while_nothing_waits(kernel):
    names = settled(kernel)
    others = {f"smelt_runtime.shell_{name}" for name in ("ipython", "standard")}
    needed = set().union(*(imported(RUNTIME / f"{name.replace('.', '/')}.py") for name in names))
    assert needed - others <= set(names)


@pytest.mark.parametrize("hidden", [False, True], ids=["ipython", "standard"])
def test_a_kernel_outlives_the_folder_that_it_came_from(installed, tmp_path, hidden):
    environment = {}
    if hidden:
        (tmp_path / "IPython").mkdir()
        (tmp_path / "IPython" / "__init__.py").write_text("raise ImportError('hidden by the test')\n")
        environment["PYTHONPATH"] = f"{installed}{os.pathsep}{tmp_path}"
    kernel = KernelProcess(runtime=installed, environment=environment)
    settled(kernel)
    shutil.rmtree(installed)

    assert kernel.run("import math\nx = [math.pi, {'a': 2}]\nx")["result"]["summary"].startswith("[3.14")
    error = kernel.run("raise TypeError('Cannot convert a MPS Tensor to float64 dtype')")["error"]
    assert error["explanation"] is not None
    lines = kernel.run("for n in range(3):\n    y = n", mode="profile")["profile"]["lines"]
    assert [(line["line"], line["count"]) for line in lines] == [(0, 4), (1, 3)]
    for question, key, expected in (
        ({"type": "variables"}, "variables", "x"),
        ({"type": "variables", "path": ["x"]}, "variables", "[1]"),
        ({"type": "complete", "code": "math.sq", "cursor": 7}, "items", "sqrt"),
        ({"type": "inspect", "code": "math.sqrt", "cursor": 9}, "data", "square root"),
        ({"type": "examine", "path": ["x"]}, "error", "has no numbers"),
    ):
        kernel.send(id=77, **question)
        answer = kernel.event()
        assert expected in str(answer[key]), answer
    if importlib.util.find_spec("torch") is not None:
        kernel.run("import torch\na = torch.ones(64, 64)")
        report = kernel.run("b = a @ a")["report"]
        assert (report["device"], report["flops"]) == ("cpu", 2 * 64**3)
    if importlib.util.find_spec("mlx") is not None:
        report = kernel.run("import mlx.core as mx\nc = mx.ones((8, 8)) * 2")["report"]
        assert report["unevaluated"] == 1
    kernel.close()


SITE = """
import sys, time

class Log:
    def find_spec(self, name, *_):
        sys.asked_for.append((time.time_ns(), name))

sys.asked_for = []
sys.meta_path.insert(0, Log())
"""


@pytest.mark.parametrize("hidden", [False, True], ids=["ipython", "standard"])
def test_nothing_is_imported_in_the_time_of_the_first_cell(tmp_path, hidden):
    """A folder full of files makes an import take milliseconds: it is looked through first."""
    (tmp_path / "sitecustomize.py").write_text(SITE)
    if hidden:
        (tmp_path / "IPython.py").write_text("raise ImportError('hidden by the test')\n")
    path = f"{RUNTIME}{os.pathsep}{tmp_path}"
    kernel = KernelProcess(environment={"PYTHONPATH": path})
    first = kernel.run("x = 1")["report"]
    began = datetime.fromisoformat(first["started"].replace("Z", "+00:00")).timestamp()
    kernel.run("import sys\nprint(sys.asked_for)")
    stdout, _ = kernel.close()
    late = [
        name for when, name in ast.literal_eval(stdout) if began <= when / 1e9 <= began + first["wall"] / 1e9
    ]
    assert late == []
