"""What MLX tells about its device. Never imports mlx."""

from __future__ import annotations

import functools
import io
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from smelt_runtime.after_import import AfterImport

if TYPE_CHECKING:
    from smelt_runtime.touched import Touched

MOST_NAMES = 8
COMPUTED_LATER = re.compile(r'\{ (?:rank=sink; )?"smelt\d+"; \}')
NO_VALUE = "[eval] Attempting to eval an array"
"""Of the arrays that stand for values while a function is traced (run on mlx 0.32.4)."""

STREAM_MAKERS = ("new_stream", "new_thread_local_stream", "new_thread_unsafe_stream")
"""Functions of mlx.core that make a stream (mlx 0.32.4; older versions have the first only)."""


class MlxMeter:
    """Evaluates what a cell left lazy, and reads MLX's memory counters."""

    def __init__(self) -> None:
        self._active_before = 0
        self._peak_before = 0
        self._known = False
        self._import = AfterImport("mlx.core", self._watch)
        self._watched: Any = None
        self._devices: list[Any] = []
        self._streams: list[Any] = []
        self.first_use = False
        self.unsynchronized = ""

    def begin(self) -> None:
        """Idle streams, and the memory before the cell."""
        core = loaded_core()
        self.first_use = False
        self._known = core is not None
        if core is None:
            if "mlx.core" not in sys.modules:
                self._import.install()
            return
        self._watch()
        # What earlier work raises is not this cell's.
        with suppress(Exception):
            self.synchronize()
        self._active_before = _counter(core, "get_active_memory")
        self._peak_before = _counter(core, "get_peak_memory")

    def _watch(self) -> None:
        """Remember the streams that are made from now on: MLX does not tell which there are."""
        core = loaded_core()
        if core is None or core is self._watched:
            return
        self._watched = core
        self._devices = default_streams(core)
        for name in STREAM_MAKERS:
            if hasattr(core, name):
                setattr(core, name, self._remembering(getattr(core, name)))

    def _remembering(self, make: Any) -> Any:
        @functools.wraps(make)
        def made(*arguments: Any, **options: Any) -> Any:
            stream = make(*arguments, **options)
            self._streams.append(stream)
            return stream

        return made

    def synchronize(self) -> None:
        """Wait for what mx.async_eval has started, on every stream. It computes nothing that is lazy.

        mx.synchronize() without a stream waits for the default stream of the default device only.
        """
        core = loaded_core()
        if core is None:
            return
        if not self._known:
            self.first_use = True
            self._active_before = self._peak_before = 0
        self.unsynchronized = ""
        for stream in self._devices:
            core.synchronize(stream)
        for stream in list(self._streams):
            # One that mx.clear_streams() has ended has nothing to be waited for.
            try:
                core.synchronize(stream)
            except Exception as error:
                self.unsynchronized = f"{type(error).__name__}: {error}"

    def count_lazy(self, arrays: list[Any]) -> int | None:
        """How many of the arrays are not computed yet; None when that cannot be told.

        MLX has no attribute for this. `export_to_dot` draws the operations that arrays still wait
        for, and calls the arrays as we do; those that wait for nothing are sources (run on mlx 0.32.4).
        """
        core = loaded_core()
        if core is None:
            return 0
        drawing = io.StringIO()
        try:
            core.export_to_dot(drawing, **{f"smelt{place}": array for place, array in enumerate(arrays)})
        except Exception:
            # An MLX that draws otherwise: then all are evaluated, and none is counted.
            return None
        return len(COMPUTED_LATER.findall(drawing.getvalue()))

    def evaluate(self, arrays: list[Any]) -> int:
        """Compute them all, and wait; how many cannot be, as a compiled function has left them behind."""
        core = loaded_core()
        if core is None:
            return 0
        try:
            core.eval(arrays)
        except Exception as error:
            if NO_VALUE not in str(error):
                raise
        else:
            return 0
        placeholders = 0
        for array in arrays:
            try:
                core.eval(array)
            except Exception as error:
                if NO_VALUE not in str(error):
                    raise
                placeholders += 1
        return placeholders

    def uses(self, touched: Touched) -> list[dict[str, Any]]:
        """MLX arrays live in unified memory: their device is the one that computes by default."""
        found = touched.of("mlx")
        core = loaded_core()
        if core is None or not found:
            return []
        names: list[str] = []
        for name, _ in found:
            if name not in names and len(names) < MOST_NAMES:
                names.append(name)
        return [
            {
                "framework": "mlx",
                "device": default_device(core),
                "names": names,
                "count": len(found),
                "bytes": sum(int(getattr(array, "nbytes", 0)) for _, array in found),
            }
        ]

    def accelerator(self) -> str | None:
        """`mlx gpu` when that is where MLX computes."""
        core = loaded_core()
        return "mlx gpu" if core is not None and default_device(core) == "gpu" else None

    def memory(self) -> list[dict[str, Any]]:
        """MLX's own counters around the cell."""
        core = loaded_core()
        if core is None:
            return []
        peak = _counter(core, "get_peak_memory")
        return [
            {
                "framework": "mlx",
                "device": default_device(core),
                "before": self._active_before,
                "after": _counter(core, "get_active_memory"),
                # The counter is the user's to reset; an older peak says nothing about the cell.
                "peak": peak if peak > self._peak_before else None,
            }
        ]


def loaded_core() -> Any | None:
    """mlx.core, when user code has imported it completely."""
    core = sys.modules.get("mlx.core")
    return core if core is not None and hasattr(core, "eval") else None


def default_device(core: Any) -> str:
    """`gpu` or `cpu`."""
    return str(core.default_device().type).rsplit(".", 1)[-1]


def default_streams(core: Any) -> list[Any]:
    """The streams that MLX computes on unless told otherwise, one for each device of this machine."""
    streams = [core.default_stream(core.cpu)]
    # There is none for a device that the machine lacks.
    with suppress(ValueError, RuntimeError):
        streams.append(core.default_stream(core.gpu))
    return streams


def _counter(core: Any, name: str) -> int:
    """A memory counter; before MLX 0.24.1 they were in mx.metal."""
    counter = getattr(core, name, None)
    if counter is None:
        return 0
    return int(counter())


def is_lazy(core: Any, array: Any) -> bool:
    """Does the array wait to be computed?"""
    drawing = io.StringIO()
    try:
        core.export_to_dot(drawing, array)
    except Exception:
        return False
    return "rectangle" in drawing.getvalue()
