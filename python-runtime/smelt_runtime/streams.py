"""sys.stdout and sys.stderr of a cell: straight into the pipes, marked where they alternate."""

from __future__ import annotations

import ctypes
import io
import sys
from typing import TYPE_CHECKING

from smelt_runtime.channel import write_all

if TYPE_CHECKING:
    from smelt_runtime.channel import Channel


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
        view = bytes(data)
        self._outputs.write(self._which, view)
        return len(view)


class CellOutput(io.TextIOWrapper):
    """A text stream that never buffers: what is printed survives a crash."""

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

    @property
    def name(self) -> str:
        return f"<{self._stream_name}>"

    def close(self) -> None:
        """A cell that closes its output keeps the kernel's."""
        self.flush()


class CellOutputs:
    """Both streams of the kernel, and the order between them."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._last = 0
        self._flush_c = _c_flush()
        channel.before_mark = self._flush_c
        self.stdout = CellOutput(self, 0, "stdout")
        self.stderr = CellOutput(self, 1, "stderr")

    def write(self, which: int, data: bytes) -> None:
        """Write to the pipe; a change of stream is marked, so that the editor can merge them."""
        if which != self._last and self._channel.owns_process():
            self._last = which
            self._channel.switch()
        else:
            # What C code has printed before comes before.
            self._flush_c()
        write_all(self._channel.output[which], data)

    def install(self) -> None:
        """Take the place of sys.stdout and sys.stderr, also after a cell has replaced them."""
        sys.stdout = self.stdout
        sys.stderr = self.stderr


def _c_flush():  # noqa: ANN202 - a C function object
    """fflush(NULL), so that printf in C libraries appears where it happened."""
    try:
        flush = ctypes.CDLL(None).fflush
    except (OSError, AttributeError):
        return lambda: None
    return lambda: flush(None)
