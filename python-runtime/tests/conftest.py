"""Kernels for the tests, with IPython and without."""

from __future__ import annotations

import importlib.util
import os

import pytest
from kernel_process import RUNTIME, KernelProcess

SHELLS = ["ipython", "standard"]


@pytest.fixture(params=SHELLS)
def kernel(request, tmp_path):
    """A kernel on each shell; the standard one by hiding IPython."""
    environment = {}
    if request.param == "standard":
        # A package of that name that cannot be imported: the kernel then does without.
        hidden = tmp_path / "IPython"
        hidden.mkdir()
        (hidden / "__init__.py").write_text("raise ImportError('hidden by the test')\n")
        environment["PYTHONPATH"] = f"{RUNTIME}{os.pathsep}{tmp_path}"
    elif importlib.util.find_spec("IPython") is None:
        pytest.skip("IPython is not installed in this interpreter")
    process = KernelProcess(environment=environment)
    if process.ready["type"] == "log":
        process.ready = process.event()
    assert process.ready["shell"] == request.param
    yield process
    if process.process.poll() is None:
        process.close()
