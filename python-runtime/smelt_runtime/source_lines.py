"""Cells as lines of their files, so that tracebacks and inspect show what was run."""

from __future__ import annotations

import linecache


class SourceLines:
    """Keeps, for each file, the text of the cells that were run, at the lines where they stood."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def add(self, filename: str, line: int, code: str) -> None:
        """Remember `code`, whose first line is line `line` (from 0) of `filename`."""
        lines = self._lines.setdefault(filename, [])
        cell = [text + "\n" for text in code.split("\n")]
        lines.extend("\n" for _ in range(line + len(cell) - len(lines)))
        lines[line : line + len(cell)] = cell
        # No modification time: linecache then keeps the entry whatever is on disk, and asks for no size.
        if type(linecache.cache) is not dict:
            # A cell has taken it away.
            linecache.cache = {}
        linecache.cache[filename] = (0, None, lines, filename)
