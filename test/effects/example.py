"""Runs the examples of rule pages on the installed MLX, and looks at what they did."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator

import mlx.core as mx


# A function that is compiled before any operation has run is traced twice (MLX 0.32.4): the default
# stream is made by its first operation. No example is about that.
mx.eval(mx.ones(1) + 1)


@dataclass(frozen=True)
class Reading:
    """The state of the process when an example read the clock."""

    cpu: float
    """CPU seconds of all threads: other programs on the machine do not count."""
    memory: int
    """Bytes of computed arrays."""


@dataclass(frozen=True)
class Window:
    """What happened between two readings of the clock."""

    cpu: float
    memory: int


def run(source: str, **names: Any) -> dict[str, Any]:
    """Runs the source in a fresh module that already knows `names`; returns its variables."""
    mx.random.seed(0)
    scope: dict[str, Any] = {"__name__": "__main__", **names}
    exec(compile(source, "<example>", "exec"), scope)
    return scope


@contextmanager
def clock_readings() -> Iterator[list[Reading]]:
    """Notes the state of the process at each reading of time.perf_counter and time.time."""
    readings: list[Reading] = []
    clocks = {name: getattr(time, name) for name in ("perf_counter", "time")}

    def noting(clock: Any) -> Any:
        def read() -> float:
            readings.append(Reading(time.process_time(), mx.get_active_memory()))
            return clock()

        return read

    for name, clock in clocks.items():
        setattr(time, name, noting(clock))
    try:
        yield readings
    finally:
        for name, clock in clocks.items():
            setattr(time, name, clock)


def window(source: str, **names: Any) -> Window:
    """Runs an example that times one thing: the window between its first and last reading."""
    with clock_readings() as readings:
        scope = run(source, **names)
    first, last = readings[0], readings[-1]
    del scope
    return Window(last.cpu - first.cpu, last.memory - first.memory)


def error_of(source: str, **names: Any) -> str:
    """The text of the exception that the example ends with; "" when it ends well."""
    try:
        run(source, **names)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def peak(source: str, **names: Any) -> int:
    """Runs the example; returns how many bytes of arrays there were at once, at most."""
    mx.clear_cache()
    before = mx.get_active_memory()
    mx.reset_peak_memory()
    scope = run(source, **names)
    del scope
    return mx.get_peak_memory() - before


def computed_by(source: str, **names: Any) -> int:
    """Runs the example up to its last line; returns the bytes of arrays that the last line computes."""
    lines = source.rstrip().splitlines()
    scope = run("\n".join(lines[:-1]), **names)
    before = mx.get_active_memory()
    exec(lines[-1], scope)
    return mx.get_active_memory() - before
