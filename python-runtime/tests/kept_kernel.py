"""A kernel on FIFOs, as the editor starts it, and the editors that come to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from kernel_process import MARK, RUNTIME

if TYPE_CHECKING:
    from pathlib import Path

FIFOS = ("stdout", "stderr", "requests", "events", "lifeline")


class KeptKernel:
    """Its process and its folder. Its lifeline is held until `let_go`."""

    def __init__(self, folder: Path, grace: float) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700)
        for name in FIFOS:
            os.mkfifo(folder / name, 0o600)
        self._lifeline = os.open(folder / "lifeline", os.O_RDWR | os.O_NONBLOCK)
        ends = [os.open(folder / name, os.O_RDWR) for name in ("stdout", "stderr", "requests", "events")]
        script = (
            "import os, sys\n"
            "for wanted, end in enumerate(sys.argv[1].split(','), 1): os.dup2(int(end), wanted)\n"
            "os.execv(sys.executable, [sys.executable, '-m', 'smelt_runtime', 'kernel', *sys.argv[2:]])\n"
        )
        high = [os.dup(end) for end in ends]
        for end in high:
            os.set_inheritable(end, True)
        numbers = ",".join(map(str, high))
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, numbers, str(folder.parent), str(folder), str(grace)],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(RUNTIME)},
            cwd=RUNTIME,
            pass_fds=high,
            start_new_session=True,
        )
        for end in (*ends, *high):
            os.close(end)

    def let_go(self) -> None:
        """Leave it to the editors."""
        os.close(self._lifeline)

    def end(self) -> None:
        """End whatever is left of it."""
        with suppress(OSError):
            os.killpg(self.process.pid, 9)
        self.process.wait(30)


class Editor:
    """Holds the lifeline, sends requests and reads everything, until it goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lifeline = os.open(folder / "lifeline", os.O_RDWR | os.O_NONBLOCK)
        self._requests = os.open(folder / "requests", os.O_WRONLY)
        self._stopped = False
        self.raw = {"stdout": bytearray(), "stderr": bytearray(), "events": bytearray()}
        self._grown = threading.Condition()
        self._readers = [threading.Thread(target=self._read, args=(name,)) for name in self.raw]
        for reader in self._readers:
            reader.start()

    def _read(self, name: str) -> None:
        # Both ways, so that its own end can wake it.
        descriptor = os.open(self._folder / name, os.O_RDWR)
        while True:
            chunk = os.read(descriptor, 65536)
            with self._grown:
                self.raw[name] += chunk
                self._grown.notify_all()
            if self._stopped:
                break
        os.close(descriptor)

    def send(self, **request) -> None:
        os.write(self._requests, json.dumps(request).encode() + b"\n")

    def write(self, raw: bytes) -> None:
        os.write(self._requests, raw)

    def execute(self, cell: int, code: str) -> None:
        self.send(type="execute", id=cell, code=code, filename="/project/cell.py", line=0)

    def events(self) -> list[dict]:
        found = []
        for line in bytes(self.raw["events"]).split(b"\n"):
            with suppress(ValueError):
                found.append(json.loads(line))
        return found

    def wait_for(self, kind: str, **fields) -> dict:
        """The first event of a type with these fields, when all that was printed before it is here."""

        def found() -> dict | None:
            wanted = {"type": kind, **fields}
            return next((e for e in self.events() if wanted.items() <= e.items()), None)

        with self._grown:
            event = self._grown.wait_for(found, 120)
            assert event, f"no {kind} came"
            mark = f";e{event['mark']}\x07".encode()
            assert self._grown.wait_for(lambda: mark in self.raw["stdout"], 120)
        return event

    def printed(self) -> str:
        return MARK.sub(b"", bytes(self.raw["stdout"])).decode(errors="replace")

    def go(self) -> None:
        """Stop reading and let the lifeline go; what has been read is in `raw`."""
        os.close(self._lifeline)
        self._stopped = True
        for name in self.raw:
            # One byte that it will read itself: only an idle kernel is left this way.
            wake = os.open(self._folder / name, os.O_WRONLY)
            os.write(wake, b"\n")
            os.close(wake)
        for reader in self._readers:
            reader.join(30)
        os.close(self._requests)
