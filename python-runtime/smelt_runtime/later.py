"""What a kernel can do without at its start, loaded while nothing waits for it.

No cell pays for it, and it is there when the folder that Smelt came from is not any more: an update of the
extension removes that folder, and kernels outlive the update.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET = 0.05
"""Seconds without a request after which the kernel loads the next part, a few milliseconds of work."""

MODULES = ("known_errors", "flops", "reach", "line_profiler", "completion", "variables", "examine", "figures")
"""Modules of Smelt's that the first question, error or framework loads, if it comes before this."""


def parts_for_later() -> list[Callable[[], object]]:
    """Each loads one part."""
    return [lambda name=name: import_module(f"smelt_runtime.{name}") for name in MODULES]
