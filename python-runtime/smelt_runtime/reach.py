"""The MLX arrays that code can have changed: what its names lead to. Runs no code of the user's."""

from __future__ import annotations

import gc
from collections import deque
from itertools import islice
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from smelt_runtime.code_names import names_in
from smelt_runtime.touched import framework_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_OBJECTS = 20_000
"""Objects looked at, so that a cell that holds a large program costs milliseconds."""

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
        return type.__getattribute__(value, "__dict__").values() if root_of(value) == "__main__" else ()
    if root_of(kind) in SHELLS:
        return ()
    return gc.get_referents(value)


def root_of(kind: type) -> str:
    """The package that a class says it is from."""
    return str(getattr(kind, "__module__", "")).split(".", 1)[0]


def is_array(kind: type) -> bool:
    """Is it a class of MLX arrays?"""
    return hasattr(kind, "dtype") and hasattr(kind, "shape") and framework_of(kind) == "mlx"


def parts_of_function(function: Any) -> Iterator[object]:
    """What a function has caught, its defaults, and the globals that it names: not all that there are."""
    yield function.__defaults__
    yield function.__kwdefaults__
    yield function.__closure__
    yield getattr(function, "__wrapped__", None)
    for name in names_in(function.__code__):
        if name in function.__globals__:
            yield function.__globals__[name]
