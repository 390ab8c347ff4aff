"""Bytecode of Smelt's own modules, also where PYTHONDONTWRITEBYTECODE is set.

The variable is about the user's folders. In Smelt's own it would make every start of a kernel compile Smelt
again, which takes half as long as loading IPython.
"""

from __future__ import annotations

import os
import sys
from importlib.util import cache_from_source

PACKAGE = os.path.dirname(os.path.abspath(__file__))


def keep_bytecode() -> None:
    """Compile the modules that have changed since they were compiled; a folder that is read-only stays so."""
    if not sys.dont_write_bytecode:
        # Python does it.
        return
    for name in os.listdir(PACKAGE):
        if name.endswith(".py"):
            source = os.path.join(PACKAGE, name)
            if _is_stale(source) and not _compile(source):
                return


def _is_stale(source: str) -> bool:
    try:
        return os.stat(cache_from_source(source)).st_mtime < os.stat(source).st_mtime
    except OSError:
        return True


def _compile(source: str) -> bool:
    import py_compile

    try:
        return py_compile.compile(source, doraise=True) is not None
    except (OSError, py_compile.PyCompileError):
        return False
