"""What running a cell came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class _NoResult:
    """The cell's last statement is no expression."""


NO_RESULT = _NoResult()


@dataclass
class Outcome:
    """The value of the last expression, or the exception that ended the cell."""

    result: Any = NO_RESULT
    error: BaseException | None = None
    names: set[str] = field(default_factory=set)
    """Global names that the cell's code mentions."""

    @property
    def has_result(self) -> bool:
        """Is there something to show?"""
        return self.result is not NO_RESULT and self.result is not None
