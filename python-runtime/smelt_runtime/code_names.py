"""The names that code looks up outside of itself."""

from __future__ import annotations

from types import CodeType


def names_in(code: CodeType) -> set[str]:
    """Names of globals and attributes, those of functions and classes inside included."""
    names: set[str] = set()
    bodies = [code]
    while bodies:
        body = bodies.pop()
        names.update(body.co_names)
        bodies.extend(part for part in body.co_consts if type(part) is CodeType)
    return names
