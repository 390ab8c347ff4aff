"""Jupyter's own tests of a kernel (jupyter_kernel_test), on the installed kernelspec."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("ipykernel")
jupyter_kernel_test = pytest.importorskip("jupyter_kernel_test")

PREFIX = tempfile.TemporaryDirectory(prefix="smelt-jupyter-")


@pytest.fixture(scope="module", autouse=True)
def _installed():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(Path(PREFIX.name) / "share" / "jupyter"))
        patch.delenv("PYTHONPATH", raising=False)
        subprocess.run(
            [sys.executable, "-m", "smelt_runtime", "install-kernel", "--prefix", PREFIX.name],
            cwd=Path(__file__).parents[1],
            env=dict(os.environ),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield
    PREFIX.cleanup()


class TestSmeltKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "smelt"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples = ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n"]
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise"
    code_execute_result = [{"code": "1+2+3", "result": "6"}]
    code_display_data = [
        {
            "code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))",
            "mime": "text/html",
        }
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"
