"""The names that code looks up outside of itself."""

from __future__ import annotations

import dis
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

GLOBAL = ("_NAME", "_GLOBAL", "_GLOBALS")
"""Ends of the instructions that read, bind and delete names of a module; IMPORT_NAME names a module."""


@lru_cache(maxsize=4_000)
def global_names(code: CodeType) -> frozenset[str]:
    """Names that are globals for it and for functions and classes inside."""
    return frozenset(
        each.argval
        for body in bodies_of(code)
        for each in dis.get_instructions(body)
        if each.opname.endswith(GLOBAL) and each.opname != "IMPORT_NAME"
    )


def globals_in(code: CodeType, known: Container[str]) -> tuple[set[str], set[str]]:
    """(mentioned, bound) of the known names that are globals for it: `x.data` does not mention `data`."""
    mentioned: set[str] = set()
    bound: set[str] = set()
    for body in bodies_of(code):
        if not any(name in known for name in body.co_names):
            continue
        for each in dis.get_instructions(body):
            if each.opname.endswith(GLOBAL) and each.opname != "IMPORT_NAME" and each.argval in known:
                mentioned.add(each.argval)
                if each.opname.startswith("STORE"):
                    bound.add(each.argval)
    return mentioned, bound


def bodies_of(code: CodeType) -> Iterator[CodeType]:
    """The code itself, and that of functions and classes inside."""
    bodies = [code]
    while bodies:
        body = bodies.pop()
        yield body
        bodies.extend(part for part in body.co_consts if type(part) is CodeType)
