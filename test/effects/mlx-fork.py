"""The forked worker never answers; the spawned one does."""

import os
import signal
import subprocess
import sys
from pathlib import Path

# The spawned worker is ready long before: what has not come by then does not come.
PATIENCE = 15


def check(bad: str, good: str) -> dict[str, float]:
    def answers(source: str) -> int:
        Path("example.py").write_text(source)
        child = subprocess.Popen(
            [sys.executable, "example.py"], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            output, _ = child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            output, _ = child.communicate()
        return len(output.splitlines())

    forked, spawned = answers(bad), answers(good)
    assert forked == 1, forked
    assert spawned == 2, spawned
    return {"answers with fork": forked, "with spawn": spawned}
