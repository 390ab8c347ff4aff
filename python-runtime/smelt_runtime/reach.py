"""What the names of a cell lead to: arrays that it can have changed, tensors that it worked on.

Runs no code of the user's.
"""

from __future__ import annotations

import gc
from collections import deque
from itertools import islice
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from smelt_runtime.class_names import package_of
from smelt_runtime.code_names import global_names
from smelt_runtime.touched import framework_of, frameworks_in, has_dtype_and_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_OBJECTS = 20_000
"""Objects looked at, so that a cell that holds a large program costs milliseconds."""

MOST_HOLDERS = 1_000
"""Objects looked at for the device alone."""

MOST_ITEMS = 2_000
"""Items of one list or dict: a vocabulary must not use up the budget."""

LEAVES = (ModuleType, str, bytes, int, float, complex, bool, type(None))
SHELLS = ("IPython", "ipykernel", "smelt_runtime")
"""Packages that hold the whole namespace."""


def reached_arrays(roots: Iterable[object]) -> list[Any]:
    """Arrays in containers, modules, attributes, closures, compiled functions and the globals they use."""
    arrays: list[Any] = []
    pending = deque(roots)
    seen: set[int] = set()
    budget = MOST_OBJECTS
    while pending and budget > 0:
        value = pending.popleft()
        budget -= 1
        kind = type(value)
        if id(value) in seen or issubclass(kind, LEAVES):
            continue
        seen.add(id(value))
        if is_array(kind):
            arrays.append(value)
        else:
            pending.extend(parts_of(value, kind))
    return arrays


def held_by(named: list[tuple[str, Any]]) -> list[tuple[str, Any, str]]:
    """(name, tensor or array, framework) of what a cell's functions and objects hold, by their names."""
    found: list[tuple[str, Any, str]] = []
    pending = deque(named)
    seen: set[int] = set()
    budget = MOST_HOLDERS
    while pending and budget > 0:
        name, value = pending.popleft()
        budget -= 1
        kind = type(value)
        if id(value) in seen or issubclass(kind, LEAVES):
            continue
        seen.add(id(value))
        if framework_of(kind) is None:
            pending.extend((name, part) for part in list(parts_of(value, kind)))
        else:
            found.extend(frameworks_in([(name, value)]))
    return found


def parts_of(value: Any, kind: type) -> Iterable[object]:
    """What a value holds."""
    if issubclass(kind, dict):
        return islice(dict.values(value), MOST_ITEMS)
    if kind in (list, tuple):
        return value[:MOST_ITEMS]
    if kind is FunctionType:
        return parts_of_function(value)
    if issubclass(kind, type):
        # Methods of a class of the user's name globals too.
        return type.__getattribute__(value, "__dict__").values() if package_of(value) == "__main__" else ()
    if package_of(kind) in SHELLS:
        return ()
    return gc.get_referents(value)


def is_array(kind: type) -> bool:
    """Is it a class of MLX arrays?"""
    return framework_of(kind) == "mlx" and has_dtype_and_shape(kind)


def parts_of_function(function: Any) -> Iterator[object]:
    """What a function has caught, its defaults, and the globals that it names: not all that there are."""
    yield function.__defaults__
    yield function.__kwdefaults__
    yield function.__closure__
    yield getattr(function, "__wrapped__", None)
    for name in global_names(function.__code__):
        if name in function.__globals__:
            yield function.__globals__[name]
