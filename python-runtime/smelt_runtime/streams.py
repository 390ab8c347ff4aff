"""sys.stdout and sys.stderr of a cell: straight into the pipes, marked where they alternate."""

from __future__ import annotations

import ctypes
import io
import os
import sys
from collections import deque
from typing import TYPE_CHECKING

from smelt_runtime.channel import write_all

if TYPE_CHECKING:
    from smelt_runtime.channel import Channel


# A cell may replace what is in os.
fstat, dup2 = os.fstat, os.dup2


class _RawOutput(io.RawIOBase):
    """Bytes to one of the kernel's outputs."""

    def __init__(self, outputs: CellOutputs, which: int) -> None:
        self._outputs = outputs
        self._which = which

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._which + 1

    def isatty(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override] # any buffer
        self._outputs.release(self._which)
        if type(data) is not bytes:
            # Of numbers that are longer than a byte there are fewer than bytes.
            data = memoryview(data).cast("B")
        self._outputs.write(self._which, data)
        return len(data)


class CellOutput(io.TextIOWrapper):
    """A text stream that keeps nothing back of what print() prints: that survives a crash.

    print() writes a text and its end apart. A text without a line's end is held until the next call,
    whatever that is, so that both leave together.
    """

    def __init__(self, outputs: CellOutputs, which: int, name: str) -> None:
        raw = _RawOutput(outputs, which)
        super().__init__(
            raw,  # type: ignore[arg-type] # a raw stream is enough for write_through
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
            write_through=True,
        )
        self._stream_name = name
        # stderr never waits, so that the order between the two is kept.
        self._holds = which == 0
        # Its operations are atomic: threads print at the same time.
        self._held: deque[str] = deque()

    @property
    def name(self) -> str:
        return f"<{self._stream_name}>"

    def write(self, text: str) -> int:
        """Everything at once, unless it looks like the first half of a print()."""
        held = self._held
        if type(text) is not str:
            return super().write(text)
        if self._holds and not held and text and text[-1] != "\n":
            held.append(text)
        elif held:
            held.append(text)
            self.release()
        else:
            super().write(text)
        return len(text)

    def release(self) -> None:
        """Write what is held."""
        held = self._held
        parts = []
        while held:
            try:
                parts.append(held.popleft())
            except IndexError:
                # Another thread was faster.
                break
        if parts:
            super().write("".join(parts))

    def flush(self) -> None:
        """Write what is held; nothing is buffered below."""
        self.release()

    def close(self) -> None:
        """A cell that closes its output keeps the kernel's."""
        self.flush()


class CellOutputs:
    """Both streams of the kernel, and the order between them."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._last = 0
        self._flush_c = _c_flush()
        self.stdout = CellOutput(self, 0, "stdout")
        self.stderr = CellOutput(self, 1, "stderr")
        self._streams = (self.stdout, self.stderr)
        channel.before_mark = self.flush
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self.flush)

    def flush(self) -> None:
        """Write all that Python and C code hold."""
        self.release(0)
        self.release(1)
        self._flush_c()

    def release(self, which: int) -> None:
        """Write what one stream holds."""
        self._streams[which].release()

    def write(self, which: int, data: bytes | bytearray | memoryview) -> None:
        """Write to the pipe; a change of stream is marked, so that the editor can merge them."""
        if which != self._last and self._channel.owns_process():
            # What the other stream holds was written before.
            self.release(1 - which)
            self._last = which
            self._channel.switch()
        else:
            # What C code has printed before comes before.
            self._flush_c()
        write_all(self._channel.output[which], data)

    def install(self) -> None:
        """Take the place of sys.stdout and sys.stderr, also after a cell has replaced or closed them."""
        sys.stdout = self.stdout
        sys.stderr = self.stderr

    def reopen(self) -> None:
        """Give C code and child processes back the descriptors that a cell has closed."""
        for which, kept in enumerate(self._channel.output):
            try:
                fstat(which + 1)
            except OSError:
                # C code writes there, and would write into the next file that is opened.
                dup2(kept, which + 1)


def _c_flush():  # noqa: ANN202 - a C function object
    """fflush(NULL), so that printf in C libraries appears where it happened."""
    try:
        flush = ctypes.CDLL(None).fflush
    except (OSError, AttributeError):
        return lambda: None
    return lambda: flush(None)
