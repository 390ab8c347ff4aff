"""The tensors, arrays and modules that a cell made, changed or named."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from smelt_runtime.class_names import bases_of, module_of, package_of
from smelt_runtime.code_names import globals_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smelt_runtime.outcome import Outcome

MOST_ITEMS = 2_000
"""Objects looked at in containers and modules, so that a large model costs little."""


RESULT = "the result"
"""What people read instead of a variable's name."""


class Touched:
    """Values by variable name, or RESULT."""

    def __init__(self, values: list[tuple[str, Any, str]] | None = None) -> None:
        self._values = values or []
        self._named: list[tuple[str, Any]] = []
        self._roots: list[Any] = []
        self.is_held = False
        """Are the values those of functions and objects that the cell names?"""

    def collect(self, namespace: dict[str, Any], before: dict[str, int], outcome: Outcome) -> None:
        """Find what the cell bound anew; when that is no tensor, what its code names."""
        mentioned: set[str] = set()
        bound: set[str] = set()
        for code in outcome.codes:
            names, stored = globals_in(code, namespace)
            mentioned |= names
            bound |= stored
        # A new value may lie where the old one of that name has lain: what the code binds is changed anyway.
        changed = [
            (name, value)
            for name, value in list(namespace.items())
            if type(name) is str
            and not name.startswith("_")
            and (name in bound or before.get(name) != id(value))
        ]
        if outcome.has_result:
            changed.append((RESULT, outcome.result))
        self._named = [(name, namespace[name]) for name in sorted(mentioned)]
        self._roots = [value for _, value in (*changed, *self._named)]
        self._values = list(frameworks_in(changed)) or list(frameworks_in(self._named))
        if not self._values:
            # A function or an object may do the work: `trainer.fit()`.
            from smelt_runtime.reach import held_by

            self._values = held_by(self._named)
            self.is_held = True

    def and_named(self) -> Touched:
        """Also what the code names, when it has bound something else."""
        both = Touched()
        known = {name for name, _, _ in self._values}
        named = [(name, value) for name, value in self._named if name not in known]
        both._values = [*self._values, *frameworks_in(named)]
        return both

    def of(self, framework: str) -> list[tuple[str, Any]]:
        """(variable name, tensor or array) of one framework."""
        return [(name, value) for name, value, found in self._values if found == framework]

    def roots(self) -> list[Any]:
        """Every value that the cell bound anew or named."""
        return self._roots


def frameworks_in(named: list[tuple[str, Any]]) -> Iterator[tuple[str, Any, str]]:
    """(name, tensor or array, framework) of what the values are or hold."""
    seen: set[int] = set()
    budget = MOST_ITEMS
    pending = deque(named)
    while pending and budget > 0:
        name, value = pending.popleft()
        budget -= 1
        if id(value) in seen:
            continue
        seen.add(id(value))
        kind = type(value)
        framework = framework_of(kind)
        if framework == "torch" and is_torch_module(kind):
            pending.extend((name, tensor) for tensor in tensors_of(value))
        elif framework is not None and has_dtype_and_shape(kind):
            yield name, value, framework
        elif issubclass(kind, dict):
            # An mlx.nn.Module is a dict of its arrays and modules. No code of a subclass is run.
            pending.extend((name, item) for item in list(islice(dict.values(value), MOST_ITEMS)))
        elif kind in (list, tuple):
            pending.extend((name, item) for item in value[:MOST_ITEMS])


def framework_of(kind: type) -> str | None:
    """By the modules of the classes that it inherits from: nothing has to be imported for this."""
    for base in bases_of(kind):
        package = package_of(base)
        if package in ("torch", "mlx"):
            return package
    return None


def is_torch_module(kind: type) -> bool:
    """Is it a torch.nn.Module?"""
    return any(module_of(base) == "torch.nn.modules.module" for base in bases_of(kind))


def tensors_of(module: Any) -> list[Any]:
    """Parameters and buffers of a torch.nn.Module and of those inside; methods of the user's are not run."""
    found: list[Any] = []
    seen: set[int] = set()
    modules = [module]
    while modules and len(found) < MOST_ITEMS:
        each = modules.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        tables = object.__getattribute__(each, "__dict__")
        if "_parameters" not in tables:
            # Of TorchScript, which keeps its tensors in C++; or its __init__ has not got that far.
            found.extend(_told_tensors(each))
            continue
        for table in ("_parameters", "_buffers"):
            found.extend(part for part in list(tables.get(table, {}).values()) if part is not None)
        modules.extend(
            part for part in reversed(list(tables.get("_modules", {}).values())) if part is not None
        )
    return found


def _told_tensors(module: Any) -> list[Any]:
    try:
        return [*module.parameters(), *module.buffers()]
    except Exception:
        return []


def has_dtype_and_shape(kind: type) -> bool:
    """As tensors and arrays have."""
    names = ("dtype", "shape")
    return all(any(name in vars(base) for base in bases_of(kind)) for name in names)
