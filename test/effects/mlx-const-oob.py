"""Reading outside raises nothing; far outside it may end the process, so that a child does it."""

import subprocess
import sys

import numpy as np

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    assert error_of(bad + "\nmx.eval(last)") == ""
    assert run(good)["last"].item() == 2
    try:
        np.arange(3)[3]
        raise AssertionError("NumPy did not raise")
    except IndexError:
        pass
    far = "import mlx.core as mx\nprint(mx.arange(3)[-1_000_000_000].item())"
    child = subprocess.run([sys.executable, "-c", far], capture_output=True, text=True)
    assert "IndexError" not in child.stderr, child.stderr
    return {"exit code of a child that reads far outside": child.returncode}
