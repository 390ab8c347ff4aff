"""The part of running a cell that is its own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Timed:
    """What runs inside is timed. As a generator it would add microseconds to the time."""

    __slots__ = ("_begin", "_end")

    def __init__(self, begin: Callable[[], None], end: Callable[[], None]) -> None:
        self._begin = begin
        self._end = end

    def __enter__(self) -> None:
        try:
            self._begin()
        except BaseException:
            # Interrupted: nobody else would end what has begun.
            self._end()
            raise

    def __exit__(self, *_error: object) -> None:
        self._end()
