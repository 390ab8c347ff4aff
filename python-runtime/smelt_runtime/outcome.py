"""What running a cell came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType


class _NoResult:
    """The cell's last statement is no expression."""


NO_RESULT = _NoResult()


class Outcome:
    """The value of the last expression, or the exception that ended the cell; and the code that was run."""

    def __init__(self, result: Any = NO_RESULT, codes: Iterable[CodeType] = ()) -> None:
        self.result = result
        self.error: BaseException | None = None
        self.unshown: Any = None
        """The value of a last expression that ends in a semicolon."""
        self.codes = list(codes)

    @property
    def has_result(self) -> bool:
        """Is there something to show?"""
        return self.result is not NO_RESULT and self.result is not None
