"""Tells when user code has imported a module; imports nothing itself."""

from __future__ import annotations

import importlib.util
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class AfterImport:
    """A finder that stands aside for everything but one module, and leaves when that is loaded."""

    def __init__(self, name: str, call: Callable[[], None]) -> None:
        self._name = name
        self._call = call
        self._searching = False

    def install(self) -> None:
        """Watch from now on; `call` runs right after the module's own code has."""
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)  # type: ignore[arg-type] # find_spec is all that is asked of it

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """The spec that the other finders give, with a loader that calls back."""
        if name != self._name or self._searching:
            return None
        self._searching = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._searching = False
        load = getattr(getattr(spec, "loader", None), "exec_module", None)
        if spec is None or load is None:
            return spec

        def exec_module(module: Any) -> None:
            load(module)
            self.remove()
            self._call()

        # A loader that takes no attributes stays as it is.
        with suppress(AttributeError):
            spec.loader.exec_module = exec_module  # type: ignore[union-attr,method-assign]
        return spec

    def remove(self) -> None:
        """Watch no more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)  # type: ignore[arg-type]
