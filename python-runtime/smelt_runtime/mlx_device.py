"""What MLX tells about its device. Never imports mlx."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smelt_runtime.touched import Touched

MOST_LOOKED_AT = 256
MOST_NAMES = 8


class MlxMeter:
    """Evaluates what a cell left lazy, and reads MLX's memory counters."""

    def __init__(self) -> None:
        self._active_before = 0
        self._peak_before = 0
        self._known = False
        self.first_use = False

    def begin(self) -> None:
        """Memory before the cell."""
        core = loaded_core()
        self.first_use = False
        self._known = core is not None
        if core is not None:
            self._active_before = _counter(core, "get_active_memory")
            self._peak_before = _counter(core, "get_peak_memory")

    def synchronize(self) -> None:
        """Wait for what mx.async_eval has started. It computes nothing that is lazy."""
        core = loaded_core()
        if core is None:
            return
        if not self._known:
            self.first_use = True
            self._active_before = self._peak_before = 0
        core.synchronize()

    def count_lazy(self, arrays: list[Any]) -> int:
        """How many of the arrays are not computed yet.

        MLX has no attribute for this. `export_to_dot` draws the operations that an array still
        waits for, as rectangles; a computed array has none (run on mlx 0.32.4).
        """
        core = loaded_core()
        if core is None:
            return 0
        return sum(is_lazy(core, array) for array in arrays[:MOST_LOOKED_AT])

    def evaluate(self, arrays: list[Any]) -> None:
        """Compute them all, and wait."""
        core = loaded_core()
        if core is not None:
            core.eval(arrays)

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
