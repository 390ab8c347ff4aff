"""MLX_DISABLE_COMPILE=0: the function runs in Python at each call. In children, because MLX asks once."""

import os
import subprocess
import sys


def check(bad: str, good: str) -> dict[str, float]:
    def traces(source: str) -> int:
        environment = {k: v for k, v in os.environ.items() if k != "MLX_DISABLE_COMPILE"}
        done = subprocess.run(
            [sys.executable, "-c", source], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    disabled, compiled = traces(bad), traces(good)
    assert disabled == 3, disabled
    assert compiled == 1, compiled
    return {"traces of 3 calls": disabled, "compiled": compiled}
