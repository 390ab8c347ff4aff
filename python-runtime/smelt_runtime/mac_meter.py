"""What macOS tells about a cell: GPU time of this process and of others, and thermal pressure."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from smelt_runtime.gpu_clients import gpu_times
from smelt_runtime.hardware import thermal_pressure

if TYPE_CHECKING:
    from collections.abc import Callable

FRESH = 2_000_000_000
"""Nanoseconds for which the sample after one cell serves as the sample before the next."""
LAZY_COUNTER = 0.005
"""Seconds after which a counter that did not move is read again."""
NOTABLE_SHARE = 0.1
THERMAL = {
    1: "The Mac is under moderate thermal pressure: it may run slower than it can.",
    2: "The Mac is under heavy thermal pressure: it runs slower than it can.",
    3: "The Mac is under critical thermal pressure: it runs much slower than it can.",
    4: "The Mac is about to sleep because of its heat: it runs much slower than it can.",
}
"""By the level that com.apple.system.thermalpressurelevel tells; 0 is nominal."""


class MacMeter:
    """Samples around a cell, outside its time. Costs two system programs, and nothing elsewhere."""

    def __init__(
        self,
        sample: Callable[[], dict[int, int] | None] = gpu_times,
        thermal: Callable[[], int | None] = thermal_pressure,
        clock: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self._sample = sample
        self._thermal = thermal
        self._clock = clock
        self._before: dict[int, int] | None = None
        self._sampled = 0
        self.reset()

    def reset(self) -> None:
        """Forget the last cell."""
        self.gpu: int | None = None
        self.caveats: list[tuple[str, str]] = []

    def forget_sample(self) -> None:
        """What is known of the GPU is old."""
        self._before = None

    def begin(self) -> None:
        """GPU time before the cell, when a framework that may use the GPU is loaded."""
        if self._before is None or self._clock() - self._sampled > FRESH:
            self._take()

    def end(self, *, used_gpu: bool) -> None:
        """GPU time after the cell. `used_gpu`: its values are there, so the counter must have moved."""
        before, since = self._before, self._sampled
        self._take()
        own = os.getpid()
        # No client at all: the GPU is none that tells, as in a virtual machine.
        if before is None or not self._before:
            return
        if used_gpu and self._before.get(own, 0) == before.get(own, 0):
            # Whether the counter moves with the work or a little later is not documented.
            time.sleep(LAZY_COUNTER)
            self._take()
        after = self._before or {}
        spent = after.get(own, 0) - before.get(own, 0)
        # Less than before: a client has gone, and its time with it. That is no proof of nothing.
        self.gpu = spent if spent >= 0 else None
        others = sum(max(0, spent - before.get(pid, 0)) for pid, spent in after.items() if pid != own)
        share = others / max(1, self._sampled - since)
        if share >= NOTABLE_SHARE:
            text = f"Other programs used {min(share, 1):.0%} of the GPU around this run."
            self.caveats.append(("contention", text))
        sentence = THERMAL.get(self._thermal() or 0)
        if sentence is not None:
            self.caveats.append(("thermal", sentence))

    def _take(self) -> None:
        self._before = self._sample()
        self._sampled = self._clock()


def may_use_metal() -> bool:
    """Is there a framework in this process that can have used the GPU of a Mac?"""
    return sys.platform == "darwin" and ("torch" in sys.modules or "mlx.core" in sys.modules)
