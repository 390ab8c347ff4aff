"""Profile mode: each line of the cell's file with its time, the devices idle before and after it.

Python calls the tracer at every line of the file; there the devices are waited for, so that the time
of a line holds the work that it enqueued, and not what another left behind. The tracer's own time
is taken out. Functions of the file that the cell calls are measured by their own lines; libraries are
part of the line that calls them. Calls inside libraries cost a little more than without a profiler.
"""

from __future__ import annotations

import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from smelt_runtime.statements import Statement, statements_by_line
from smelt_runtime.touched import frameworks_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from smelt_runtime.measure import Measurement

LOOKS = 3
"""Executions of a line whose values are looked at for their device."""


class _Line:
    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.count = self.wall = self.returned = 0
        self.device: str | None = None


class LineProfiler:
    """Measures one cell; `start` and `stop` stand around the code that runs."""

    def __init__(self, measurement: Measurement, filename: str, code: str, line: int) -> None:
        self._measurement = measurement
        self._filename = filename
        self._statements = statements_by_line(code, line)
        self._lines: dict[int, _Line] = {}
        self._stack: list[_Line | None] = []
        self._current: _Line | None = None
        self._since = 0
        self._own = 0
        self._previous: Callable[..., Any] | None = None

    def start(self) -> None:
        """Trace what runs from now on in this thread."""
        self._previous = sys.gettrace()
        self._since = perf_counter_ns()
        sys.settrace(self._call)

    def stop(self) -> None:
        """Trace no more; what an error has left open ends here."""
        sys.settrace(self._previous)
        if self._current is not None:
            self._leave(self._current, None, perf_counter_ns())
            self._current = None

    def profile(self) -> dict[str, Any]:
        """The `profile` event, without type and id."""
        return {
            "filename": self._filename,
            "lines": [
                {
                    "line": each.statement.line,
                    "end_line": each.statement.end_line,
                    "count": each.count,
                    "wall": each.wall,
                    "returned": each.returned,
                    "device": each.device,
                }
                for _, each in sorted(self._lines.items())
            ],
            "own": self._own,
        }

    def _call(self, frame: FrameType, event: str, _argument: Any) -> Callable[..., Any] | None:
        """A function begins: of the file, or of somebody else's."""
        if event != "call" or frame.f_code.co_filename != self._filename:
            return None
        now = perf_counter_ns()
        if self._current is not None:
            self._add(self._current, now)
        self._stack.append(self._current)
        self._current = None
        self._resume(now)
        return self._trace

    def _trace(self, frame: FrameType, event: str, _argument: Any) -> Callable[..., Any]:
        if event == "line":
            now = perf_counter_ns()
            line = self._line(frame.f_lineno - 1)
            if line is self._current and line.statement.end_line > line.statement.line:
                # The next line of a statement that has several.
                return self._trace
            if self._current is not None:
                self._leave(self._current, frame, now)
            self._current = line
            if not self._stack or self._stack[-1] is not line:
                # A comprehension or lambda is a frame of its own on the line that it stands on.
                line.count += 1
            self._resume(now)
        elif event == "return":
            now = perf_counter_ns()
            if self._current is not None:
                self._leave(self._current, frame, now)
            self._current = self._stack.pop() if self._stack else None
            self._resume(now)
        return self._trace

    def _line(self, number: int) -> _Line:
        statement = self._statements.get(number)
        if statement is None:
            # A function of another cell of the file.
            statement = Statement(number, number, ())
        line = self._lines.get(statement.line)
        if line is None:
            line = self._lines[statement.line] = _Line(statement)
        return line

    def _leave(self, line: _Line, frame: FrameType | None, now: int) -> None:
        """Wait for the devices, and give the line its time."""
        line.returned += now - self._since
        self._measurement.synchronize()
        waited = perf_counter_ns()
        line.wall += waited - self._since
        self._since = waited
        if frame is not None:
            lazy = self._measurement.may_be_lazy(value for _, value in _values(frame, line.statement.names))
            if lazy:
                found = perf_counter_ns()
                self._own += found - waited
                self._measurement.compute(lazy)
                self._since = perf_counter_ns()
                line.wall += self._since - found
        if frame is not None and line.count <= LOOKS:
            seen = frameworks_in(_values(frame, line.statement.names))
            line.device = self._measurement.device_of(list(seen)) or line.device

    def _add(self, line: _Line, now: int) -> None:
        """The time until a function of the file is called. Nothing is waited for in mid-line."""
        line.returned += now - self._since
        line.wall += now - self._since
        self._since = now

    def _resume(self, now: int) -> None:
        """The code goes on: what was spent here since `now`, beside waiting, is the profiler's own."""
        after = perf_counter_ns()
        self._own += after - max(now, self._since)
        self._since = after


def _values(frame: FrameType, names: tuple[str, ...]) -> list[tuple[str, Any]]:
    at_hand = frame.f_locals
    return [
        (name, at_hand[name] if name in at_hand else frame.f_globals[name])
        for name in names
        if name in at_hand or name in frame.f_globals
    ]
