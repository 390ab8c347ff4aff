"""The kernel's side of the wire: requests on descriptor 3, events on 4, marks on 1 and 2.

The kernel speaks through duplicates far above: cells close descriptors that they do not know.
"""

from __future__ import annotations

import os
from _thread import RLock, get_ident
from json import JSONEncoder, loads
from math import isfinite

# By name: a cell may replace what these modules hold.
from os import getpid, read, write
from select import select
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

OUTPUTS = (1, 2)
REQUESTS = 3
EVENTS = 4
HIGH = 200
"""What is added to a descriptor's number. A process of macOS may have 256 unless it asks for more."""

_encode = JSONEncoder(ensure_ascii=True, allow_nan=False, default=str, separators=(",", ":")).encode


def encode(event: dict[str, Any]) -> str:
    """As JSON, which has no NaN and no infinity: null, as JavaScript writes them."""
    try:
        return _encode(event)
    except ValueError as error:
        if "float" not in str(error):
            raise
        return _encode(_with_null(event))


def _with_null(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _with_null(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_null(item) for item in value]
    return value


class Channel:
    """Reads requests and writes events; keeps output and events in one order (see messages.py)."""

    def __init__(self) -> None:
        self.nonce = os.urandom(8).hex()
        self._start = f"\x1b]smelt;{self.nonce};"
        self._owner = getpid()
        self._mark = 0
        self._pending = b""
        # Private: user code that redirects or closes 1 and 2 does not reach them.
        self.output = tuple(duplicate(descriptor) for descriptor in OUTPUTS)
        self._requests, self._events = move(REQUESTS), move(EVENTS)
        self.before_mark: Callable[[], None] = lambda: None
        self._held: list[str] = []
        # Threads print and display as well.
        self._lock = RLock()
        self._main = get_ident()
        self._writing = 0
        self._interrupted = False

    def owns_process(self) -> bool:
        """False in a child made by os.fork, which must not speak for the kernel."""
        return getpid() == self._owner

    def _mark_outputs(self, kind: str, count: int) -> int:
        """Write the next marks to both outputs; the first of them, 0 when that fails."""
        first = self._mark + 1
        self._mark += count
        text = "".join([f"{self._start}{kind}{number}\x07" for number in range(first, first + count)])
        marks = text.encode("ascii")
        try:
            for descriptor in self.output:
                write_all(descriptor, marks)
        except Exception:
            # The pipe is gone, or what a cell has made of Python: nobody may wait for the other mark.
            return 0
        return first

    def hold(self, event: dict[str, Any]) -> None:
        """Send an event together with the next one: nothing is printed between them."""
        self._held.append(encode(event))

    def send(self, event: dict[str, Any]) -> None:
        """Send an event, and those held, behind marks. A vanished editor is not the cell's problem."""
        if not self.owns_process():
            return
        # What cannot be encoded raises here: a mark without its event would stop the editor.
        text = encode(event)
        self._begin()
        try:
            self.before_mark()
            events, self._held = [*self._held, text], []
            first = self._mark_outputs("e", len(events))
            lines = [f'{{"mark":{first and first + n},{text[1:]}\n' for n, text in enumerate(events)]
            try:  # noqa: SIM105 - suppress() takes longer than the rest
                write_all(self._events, "".join(lines).encode("ascii"))
            except OSError:
                pass
        finally:
            self._end()

    def switch(self) -> None:
        """Mark that output goes on in the other stream."""
        self._begin()
        try:
            self.before_mark()
            self._mark_outputs("s", 1)
        finally:
            self._end()

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt, but never in the middle of an event."""
        if self._writing:
            self._interrupted = True
        else:
            raise KeyboardInterrupt

    def _begin(self) -> None:
        """One thread at a time, and no interrupt until the end."""
        if get_ident() == self._main:
            self._writing += 1
        self._lock.acquire()

    def _end(self) -> None:
        self._lock.release()
        if get_ident() != self._main:
            return
        self._writing -= 1
        if self._interrupted and not self._writing:
            self._interrupted = False
            raise KeyboardInterrupt

    def has_request(self, patience: float) -> bool:
        """Wait for a request for some seconds; False when none came."""
        if self._pending:
            return True
        try:
            return bool(select([self._requests], [], [], patience)[0])
        except (OSError, ValueError):
            # Windows cannot wait for a pipe in this way; and a cell may have closed everything.
            return False

    def receive(self) -> dict[str, Any] | None:
        """Wait for the next request; None when the editor, or a cell, has closed the pipe."""
        while True:
            line, found, rest = self._pending.partition(b"\n")
            if found:
                self._pending = rest
                if not line:
                    # An editor that comes back ends what the one before may have left unfinished.
                    continue
                try:
                    request = loads(str(line, "utf-8"))
                except ValueError as error:
                    self.send({"type": "log", "text": f"request that is not JSON: {error}"})
                    continue
                if isinstance(request, dict):
                    return request
                self.send({"type": "log", "text": "request that is not an object"})
                continue
            try:
                chunk = read(self._requests, 65536)
            except BlockingIOError:
                select([self._requests], [], [])
                continue
            except MemoryError:
                chunk = read(self._requests, 512)
            except OSError:
                chunk = b""
            if not chunk:
                return None
            self._pending += chunk


def duplicate(descriptor: int) -> int:
    """The same file under a number out of the way; children of the kernel do not get it."""
    try:
        return os.dup2(descriptor, descriptor + HIGH, inheritable=False)
    except OSError:
        # So high a number is not allowed here; an error of the descriptor itself comes again.
        return os.dup(descriptor)


def move(descriptor: int) -> int:
    """A duplicate in the place of a descriptor that the editor has passed."""
    high = duplicate(descriptor)
    os.close(descriptor)
    return high


def write_all(descriptor: int, data: bytes | bytearray | memoryview) -> None:
    """Write everything, however much the pipe takes at once."""
    try:
        written = write(descriptor, data)
    except BlockingIOError:
        written = 0
    if written < len(data):
        _write_rest(descriptor, memoryview(data).cast("B")[written:])


def _write_rest(descriptor: int, rest: memoryview) -> None:
    while rest:
        try:
            rest = rest[write(descriptor, rest) :]
        except BlockingIOError:
            # A child process may have made the pipe so, as Node does; it is one with the kernel's.
            select([], [descriptor], [])
