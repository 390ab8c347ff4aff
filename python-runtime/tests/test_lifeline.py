"""A kernel and the editors that come and go: what stays, what arrives, and when the kernel ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from kept_kernel import Editor, KeptKernel
from kernel_process import MARK

# An editor in a process that can be killed: starts a cell, reads a little of it, and stands still.
EDITOR = """
import json, os, sys, time
folder, code, much = sys.argv[1], sys.argv[2], int(sys.argv[3])
lifeline = os.open(folder + "/lifeline", os.O_RDWR | os.O_NONBLOCK)
requests = os.open(folder + "/requests", os.O_WRONLY)
request = {"type": "execute", "id": 1, "code": code, "filename": "/project/cell.py", "line": 0}
os.write(requests, json.dumps(request).encode() + b"\\n")
if len(sys.argv) > 4:
    os.write(requests, sys.argv[4].encode())
output = os.open(folder + "/stdout", os.O_RDWR)
read = b""
while len(read) < much:
    read += os.read(output, much - len(read))
os.write(1, read)
os.close(1)
time.sleep(600)
"""


@pytest.fixture
def kept(tmp_path):
    """Start a kernel with a grace in seconds."""
    kernels = []

    def start(grace: float) -> KeptKernel:
        kernels.append(KeptKernel(tmp_path / "kernel", grace))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.end()


def killed_editor(kernel: KeptKernel, code: str, much: int, *more: str) -> bytes:
    """What an editor had read of a cell when it was killed; the kernel is alone then."""
    editor = subprocess.Popen(
        [sys.executable, "-c", EDITOR, str(kernel.folder), code, str(much), *more], stdout=subprocess.PIPE
    )
    read = editor.stdout.read()
    kernel.let_go()
    editor.send_signal(signal.SIGKILL)
    editor.wait(30)
    return read


def test_a_hundred_megabytes_after_the_editor_was_killed(kept):
    kernel = kept(60)
    code = "for i in range(1000): print(str(i % 10) * 99_999)"
    before = killed_editor(kernel, code, 1_000_000)
    editor = Editor(kernel.folder)
    editor.send(type="attach", id=2)
    assert editor.wait_for("done", id=1)["status"] == "ok"
    assert editor.wait_for("attached", id=2)["cell"] == 1
    together = before.decode() + bytes(editor.raw["stdout"]).decode()
    lines = [line for line in together.split("\n") if len(line) > 50_000]
    assert len(lines) == 1000
    assert all(line.endswith(str(i % 10) * 99_999) for i, line in enumerate(lines))
    kernel.end()
    editor.go()


def test_variables_stay_and_half_a_request_spoils_nothing(kept):
    kernel = kept(60)
    killed_editor(kernel, "x = 41\nprint('set')", 3, '{"type": "execute", "id": 2, "code": "x = ')
    editor = Editor(kernel.folder)
    editor.write(b"\n")
    editor.execute(3, "x + 1")
    assert editor.wait_for("done", id=3)["status"] == "ok"
    assert editor.wait_for("result", id=3)["summary"] == "42"
    assert "not JSON" in editor.wait_for("log")["text"]
    kernel.end()
    editor.go()


def test_an_editor_learns_where_the_kernel_is(kept):
    kernel = kept(60)
    editor = Editor(kernel.folder)
    kernel.let_go()
    editor.send(type="attach", id=1)
    attached = editor.wait_for("attached", id=1)
    assert (attached["cell"], attached["status"]) == (0, None)
    editor.execute(2, "1 / 0")
    editor.send(type="attach", id=3)
    attached = editor.wait_for("attached", id=3)
    assert (attached["cell"], attached["status"]) == (2, "error")
    assert len([event for event in editor.events() if event["type"] == "ready"]) == 3
    kernel.end()
    editor.go()


def test_what_input_asks_is_asked_again(kept):
    kernel = kept(60)
    killed_editor(kernel, "print('asking')\nname = input('Name? ')\nname", 6)
    editor = Editor(kernel.folder)
    editor.send(type="attach", id=2)
    question = editor.wait_for("input_request", id=1)
    assert question["prompt"] == "Name? "
    editor.send(type="input_reply", id=1, value="Ada")
    assert editor.wait_for("done", id=1)["status"] == "ok"
    assert editor.wait_for("result", id=1)["summary"] == "'Ada'"
    assert editor.wait_for("attached", id=2)["cell"] == 1
    kernel.end()
    editor.go()


@pytest.mark.parametrize(
    "code",
    [
        "idle = True",
        "import time\ntime.sleep(600)",
        "while True: print('too much for a pipe')",
        "import signal\nfor each in (1, 2, 15): signal.signal(each, signal.SIG_IGN)\nwhile True: pass",
        "import re\nre.match(r'(a+)+$', 'a' * 64 + 'b')",
    ],
)
def test_without_an_editor_it_ends_and_takes_its_children_along(kept, code):
    kernel = kept(1)
    start = "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid, '.' * 300)\n"
    read = killed_editor(kernel, start + code, 200)
    assert kernel.process.wait(60) == -signal.SIGKILL
    child = MARK.sub(b"", read).split()[0].decode()
    while not is_dead(child):
        # It has been sent the signal, and a busy machine takes its time.
        time.sleep(0.05)
    assert not kernel.folder.exists()


def is_dead(pid: str) -> bool:
    """Where nobody collects it, a dead process stays in the table as a zombie."""
    state = subprocess.run(["/bin/ps", "-o", "stat=", "-p", pid], capture_output=True, check=False)
    return state.stdout.strip()[:1] in (b"", b"Z")


def test_an_editor_that_comes_back_in_time_stops_the_clock(kept):
    kernel = kept(2)
    killed_editor(kernel, "x = 1\nprint('there')", 5)
    editor = Editor(kernel.folder)
    # Longer than the grace that would have ended it.
    with pytest.raises(subprocess.TimeoutExpired):
        kernel.process.wait(4)
    editor.execute(2, "x")
    assert editor.wait_for("result", id=2)["summary"] == "1"
    editor.go()
    assert kernel.process.wait(60) == -signal.SIGKILL


def test_the_watcher_is_nobodys_business(kept):
    kernel = kept(60)
    editor = Editor(kernel.folder)
    kernel.let_go()
    editor.execute(1, "import os\ntry:\n    os.wait()\nexcept ChildProcessError:\n    print('no child')")
    editor.wait_for("done", id=1)
    assert "no child" in editor.printed()
    editor.execute(2, "import threading\nthreading.active_count()")
    assert editor.wait_for("result", id=2)["summary"] == "1"
    editor.send(type="shutdown", id=3)
    assert kernel.process.wait(30) == 0
    # The editor ends what is left of the group, and the watcher with it.
    os.killpg(kernel.process.pid, signal.SIGKILL)
    editor.go()
