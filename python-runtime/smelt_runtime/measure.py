"""The report of a cell: where it ran and how long it really took.

The clock starts when every device is idle and stops when every device is idle again. MLX arrays
that the cell leaves lazy are computed inside the measured time and said so. Everything here runs on
the main thread, because an MLX graph can only be evaluated by the thread that built it, and
nothing here imports torch or mlx.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from smelt_runtime.hardware import is_translated
from smelt_runtime.mlx_device import MlxMeter
from smelt_runtime.torch_device import TorchMeter
from smelt_runtime.touched import Touched

if TYPE_CHECKING:
    from smelt_runtime.outcome import Outcome

MANY_BINDINGS = 20_000
"""Namespaces beyond this size are not compared, so that a cell never pays for them."""


class Measurement:
    """Measures one cell at a time."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._torch = TorchMeter()
        self._mlx = MlxMeter()
        self._before: dict[str, int] = {}
        self.reset()

    def reset(self) -> None:
        """Forget the last cell: one that fails before it runs has no numbers."""
        self._start = self._cpu_start = 0
        self._returned = self._wall = self._evaluated = self._cpu = 0
        self._ran = False
        self._unevaluated = 0
        self._touched = Touched()

    def begin(self) -> None:
        """Wait for the devices, remember what there is, and start the clock."""
        self._torch.begin()
        self._mlx.begin()
        if len(self._namespace) <= MANY_BINDINGS:
            self._before = {name: id(value) for name, value in self._namespace.items()}
        else:
            self._before = {}
        self._ran = True
        self._cpu_start = time.process_time_ns()
        self._start = time.perf_counter_ns()

    def returned(self) -> None:
        """The code has returned: read the clock, and again when the devices are idle."""
        self._returned = time.perf_counter_ns() - self._start
        # What was enqueued runs on: nothing else may happen before it is waited for.
        self._torch.synchronize()
        self._mlx.synchronize()
        self._wall = time.perf_counter_ns() - self._start
        self._cpu = time.process_time_ns() - self._cpu_start

    def settle(self, outcome: Outcome) -> BaseException | None:
        """Compute what MLX left lazy. An error that this brings up belongs to the cell."""
        self._touched.collect(self._namespace, self._before, outcome)
        arrays = self._touched.mlx_arrays()
        if not arrays:
            return None
        self._unevaluated = self._mlx.count_lazy(arrays)
        if self._unevaluated == 0:
            return None
        cpu = time.process_time_ns()
        start = time.perf_counter_ns()
        try:
            self._mlx.evaluate(arrays)
        except Exception as error:
            return error
        finally:
            self._evaluated = time.perf_counter_ns() - start
            self._wall += self._evaluated
            self._cpu += time.process_time_ns() - cpu
        return None

    def report(self, cell: int, *, interrupted: bool) -> dict[str, Any]:
        """The `report` event."""
        uses = [*self._torch.uses(self._touched), *self._mlx.uses(self._touched)]
        return {
            "type": "report",
            "id": cell,
            "wall": self._wall,
            "returned": self._returned,
            "evaluated": self._evaluated,
            "cpu": self._cpu,
            "gpu": None,
            "device": _device_label(uses),
            "uses": uses,
            "memory": [*self._torch.memory(), *self._mlx.memory()],
            "unevaluated": self._unevaluated,
            "fallbacks": self._torch.fallbacks(),
            "caveats": self._caveats(interrupted=interrupted),
        }

    def _caveats(self, *, interrupted: bool) -> list[dict[str, str]]:
        found: list[tuple[str, str]] = []
        if self._unevaluated:
            plural = "array was" if self._unevaluated == 1 else "arrays were"
            found.append(
                ("lazy", f"{self._unevaluated} MLX {plural} left lazy and evaluated for this timing.")
            )
        if self._torch.first_use or self._mlx.first_use:
            found.append(("first-run", "The framework was loaded in this cell; a second run is faster."))
        if interrupted:
            found.append(("interrupted", "The cell was interrupted: the time is until then."))
        if self._torch.unsynchronized:
            found.append(
                ("unsynchronized", f"The device could not be waited for: {self._torch.unsynchronized}")
            )
        if self._ran and "torch" in sys.modules and is_translated():
            found.append(("rosetta", "This Python runs under Rosetta, without Metal."))
        return [{"kind": kind, "text": text} for kind, text in found]


def _device_label(uses: list[dict[str, Any]]) -> str | None:
    """GPU devices first; the CPU is only named when no GPU was used by that framework."""
    labels: list[str] = []
    for framework in ("torch", "mlx"):
        devices = [use["device"].split(":")[0] for use in uses if use["framework"] == framework]
        on_gpu = sorted({device for device in devices if device != "cpu"})
        for device in on_gpu or sorted(set(devices)):
            labels.append(f"mlx {device}" if framework == "mlx" else device)
    return " + ".join(labels) if labels else None
