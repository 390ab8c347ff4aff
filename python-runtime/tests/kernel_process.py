"""A kernel in a process of its own, spoken to as the editor does."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

PATIENCE = 600
"""Seconds after which something hangs: a machine may be that busy."""

RUNTIME = Path(__file__).parents[1]
MARK = re.compile(rb"\x1b\]smelt;[0-9a-f]+;[es](\d+)\x07")


class KernelProcess:
    """Starts a kernel; `run` executes a cell and gives its events and output."""

    def __init__(
        self,
        *,
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
        runtime: Path = RUNTIME,
    ) -> None:
        requests_end, self._requests = os.pipe()
        events, events_end = os.pipe()
        self._fault_end, faults_end = os.pipe()

        def place_descriptors() -> None:
            # Out of the way first: 3, 4 or 5 may be one of these numbers.
            wanted = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (requests_end, events_end, faults_end)]
            for descriptor, end in enumerate(wanted, 3):
                os.dup2(end, descriptor)
                os.close(end)
            os.closerange(6, 20)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "smelt_runtime", "kernel", str(folder or Path.cwd())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(runtime), **(environment or {})},
            cwd=runtime,
            preexec_fn=place_descriptors,  # noqa: PLW1509 - one thread, in tests
            close_fds=False,
        )
        os.close(requests_end)
        os.close(events_end)
        os.close(faults_end)
        self._events = os.fdopen(events)
        self._raw = [bytearray(), bytearray()]
        self._grown = threading.Condition()
        self._readers = [
            threading.Thread(target=self._pump, args=(which, pipe), daemon=True)
            for which, pipe in enumerate((self.process.stdout, self.process.stderr))
        ]
        for reader in self._readers:
            reader.start()
        self.ready = self.event()
        self._cell = 0

    def _pump(self, which: int, pipe) -> None:
        while chunk := pipe.read1(1 << 20):
            with self._grown:
                self._raw[which] += chunk
                self._grown.notify_all()

    def line(self) -> str:
        line = self._events.readline()
        assert line, "the kernel is gone"
        return line

    def event(self) -> dict:
        return json.loads(self.line())

    def send(self, **request) -> None:
        os.write(self._requests, json.dumps(request).encode() + b"\n")

    def start(self, code: str, *, filename: str = "/project/cell.py", line: int = 0, **options) -> int:
        self._cell += 1
        self.send(type="execute", id=self._cell, code=code, filename=filename, line=line, **options)
        return self._cell

    def finish(self) -> dict[str, dict]:
        """Events up to `done`, the last of each type."""
        events: dict[str, dict] = {}
        while "done" not in events:
            event = self.event()
            events[event["type"]] = event
        return events

    def run(self, code: str, **where) -> dict[str, dict]:
        self.start(code, **where)
        return self.finish()

    def printed(self, word: bytes) -> None:
        """Wait until a cell has printed a word, or, without one, until it runs."""
        if not word:
            assert self.event()["type"] == "started"
            return
        with self._grown:
            assert self._grown.wait_for(lambda: word in self._raw[0], PATIENCE)

    def printed_text(self) -> str:
        """All that cells have printed so far."""
        with self._grown:
            return MARK.sub(b"", bytes(self._raw[0])).decode(errors="replace")

    def forget_output(self) -> None:
        with self._grown:
            self._raw[0].clear()

    def faults(self) -> str:
        """What a dead kernel has left on the descriptor for faults."""
        with os.fdopen(self._fault_end, encoding="utf-8") as file:
            return file.read()

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def close(self) -> tuple[str, str]:
        """End the kernel; everything that it wrote to stdout and stderr, without marks."""
        os.close(self._requests)
        self.process.wait(PATIENCE)
        self._events.close()
        for reader in self._readers:
            reader.join(PATIENCE)
        stdout, stderr = (MARK.sub(b"", bytes(raw)).decode(errors="surrogateescape") for raw in self._raw)
        return stdout, stderr

    def transcript(self) -> tuple[bytes, bytes]:
        """Both outputs with their marks, after close()."""
        return bytes(self._raw[0]), bytes(self._raw[1])
