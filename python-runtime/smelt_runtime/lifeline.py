"""Ends a kernel whose editor has gone and does not come back.

The editor holds one end of a FIFO, the lifeline, as long as it lives. A small process of the kernel's own
group watches the other end: not a thread, which native code could keep from running, and which would be
in the way of a fork in a cell.
"""

from __future__ import annotations

# As in kernel.py.
import _signal
import os
import time
from contextlib import suppress

LIFELINE = "lifeline"
INTERVAL = 0.25
"""Seconds between two looks whether an editor is back."""


def keep_watch(folder: str, grace: float) -> int:
    """Start the watcher. Called before anything is loaded, while a fork costs nothing.

    The kernel must lead its session, and so its process group. Returns a child that ends at once, which
    the kernel waits for when it has loaded everything.
    """
    child = os.fork()
    if child:
        return child
    # The kernel has no child that a cell could wait for: the watcher's parent is gone at once.
    if os.fork():
        os._exit(0)
    try:
        _watch(os.path.join(folder, LIFELINE), grace)
    finally:
        _end(folder)


def _watch(lifeline: str, grace: float) -> None:
    """Return when no editor has held the lifeline for `grace` seconds."""
    for ignored in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT):
        _signal.signal(ignored, _signal.SIG_IGN)
    # An end of the kernel's pipes in here would hide that the kernel is gone.
    os.closerange(0, 64)
    descriptor = os.open(lifeline, os.O_RDONLY | os.O_NONBLOCK)
    while True:
        os.set_blocking(descriptor, True)
        while os.read(descriptor, 512):
            pass
        os.set_blocking(descriptor, False)
        if not _is_taken_up(descriptor, grace):
            return


def _is_taken_up(descriptor: int, grace: float) -> bool:
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline:
        try:
            os.read(descriptor, 512)
        except BlockingIOError:
            # Nothing to read, but someone could write.
            return True
        time.sleep(INTERVAL)
    return False


def _end(folder: str) -> None:
    """Remove the kernel's folder and end the kernel with all that its cells have started."""
    # The folder may be gone, or not ours to change: the kernel ends all the same.
    with suppress(OSError):
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    # Its group, this process included. The kernel cannot have left it: it leads a session.
    os.kill(0, _signal.SIGKILL)
