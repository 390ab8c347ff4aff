"""The report of a cell: where it ran and how long it really took.

The clock starts when every device is idle and stops when every device is idle again. MLX arrays
that the cell leaves lazy are computed inside the measured time and said so. Everything here runs on
the main thread, because an MLX graph can only be evaluated by the thread that built it, and
nothing here imports torch or mlx.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import lru_cache
from time import gmtime, perf_counter_ns, process_time_ns, strftime, time_ns
from typing import TYPE_CHECKING, Any, TypeVar

from smelt_runtime.hardware import is_translated
from smelt_runtime.host_memory import host_memory
from smelt_runtime.mac_meter import MacMeter, may_use_metal
from smelt_runtime.mlx_device import MlxMeter
from smelt_runtime.torch_device import TorchMeter
from smelt_runtime.touched import Touched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from smelt_runtime.outcome import Outcome

Found = TypeVar("Found")

MANY_BINDINGS = 20_000
"""Namespaces beyond this size are not compared, so that a cell never pays for them."""

MOST_CODES = 10_000
"""Codes that are remembered as having run on a GPU."""


class Measurement:
    """Measures one cell at a time."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._torch = TorchMeter()
        self._mlx = MlxMeter()
        self._mac = MacMeter()
        self._before: dict[str, int] = {}
        self._ran_on_gpu: set[int] = set()
        self.reset("")

    def reset(self, code: str, *, evaluate: bool = True) -> None:
        """Forget the last cell: one that fails before it runs has no numbers."""
        self._text = code
        self._code = hash(code)
        self._whole = False
        self._evaluate = evaluate
        self._start = self._cpu_start = 0
        self._returned = self._wall = self._evaluated = self._cpu = 0
        self._clock = time_ns()
        self._host_before = self._host_after = None
        self._ran = False
        self._unevaluated = 0
        self._touched = Touched()
        self._mac.reset()

    def begin(self) -> None:
        """Wait for the devices, remember what there is, and start the clock."""
        for meter in (self._torch, self._mlx):
            try:
                meter.begin()
            except Exception as error:
                # A cell may have changed the framework: the others run all the same.
                meter.unsynchronized = f"{type(error).__name__}: {error}"
        if may_use_metal():
            self._mac.begin()
        self._host_before = host_memory()
        self._before = {}
        if has_framework() and len(self._namespace) <= MANY_BINDINGS:
            self._before = dict(zip(self._namespace, map(id, self._namespace.values()), strict=True))
        self._ran = True
        self._clock = time_ns()
        self._cpu_start = process_time_ns()
        self._start = perf_counter_ns()

    def synchronize(self) -> None:
        """Wait until no device computes."""
        self._torch.synchronize()
        self._mlx.synchronize()

    def returned(self) -> None:
        """The code has returned: read the clock, and again when the devices are idle."""
        if not self._ran:
            # Even the waiting before it has failed: there is no start to count from.
            return
        self._returned = perf_counter_ns() - self._start
        try:
            # What was enqueued runs on: nothing else may happen before it is waited for.
            self.synchronize()
        finally:
            # Waiting may be interrupted, and raise what the device has failed with.
            self._wall = perf_counter_ns() - self._start
            self._cpu = process_time_ns() - self._cpu_start
            self._torch.end()

    def settle(self, outcome: Outcome) -> BaseException | None:
        """Compute what MLX left lazy, if the cell ran to its end. An error in that belongs to the cell."""
        if not has_framework():
            return None
        self._whole = outcome.error is None
        self._evaluate = self._evaluate and self._whole
        told(lambda: self._touched.collect(self._namespace, self._before, outcome), None)
        if "mlx.core" not in sys.modules:
            return None
        from smelt_runtime.reach import reached_arrays

        # Whoever holds it from here on is the user: it is not to be counted as memory in use.
        unshown, outcome.unshown = outcome.unshown, None
        arrays = reached_arrays([*self._touched.roots(), unshown])
        if not arrays:
            return None
        lazy = self._mlx.count_lazy(arrays)
        self._unevaluated = lazy or 0
        if not self._evaluate:
            return None
        cpu = process_time_ns()
        start = perf_counter_ns()
        try:
            # Also when none is lazy: a thread has a stream of its own, which only its arrays can wait for.
            self._unevaluated = max(0, self._unevaluated - self._mlx.evaluate(arrays))
        except Exception as error:
            self._whole = False
            return error
        finally:
            spent = perf_counter_ns() - start
            self._wall += spent
            if lazy != 0:
                self._evaluated = spent
            self._cpu += process_time_ns() - cpu
        return None

    def forget_sample(self) -> None:
        """Something beside a cell has used the GPU: that is not the next cell's."""
        self._mac.forget_sample()

    def may_be_lazy(self, values: Iterable[object]) -> list[Any]:
        """The MLX arrays that the values lead to, unless the editor wants what is lazy to stay so."""
        if not self._evaluate or "mlx.core" not in sys.modules:
            return []
        from smelt_runtime.reach import reached_arrays

        return reached_arrays(values)

    def compute(self, arrays: list[Any]) -> None:
        """Evaluate MLX arrays."""
        # Inside mx.compile there is nothing that could be evaluated.
        with suppress(Exception):
            self._mlx.evaluate(arrays)

    def device_of(self, values: list[tuple[str, Any, str]]) -> str | None:
        """Where the values live, in the words of `Report.device`."""
        touched = Touched(values)
        return device_label([*self._torch.uses(touched), *self._mlx.uses(touched)])

    def report(self, *, interrupted: bool) -> dict[str, Any]:
        """The `report` event, without type and id."""
        self._host_after = host_memory() if self._ran else None
        uses: list[dict[str, Any]] = []
        memory: list[dict[str, Any]] = []
        accelerator = default = None
        if has_framework():
            uses = told(self._uses, [])
            memory = [*told(self._torch.memory, []), *told(self._mlx.memory, [])]
            accelerator, default = told(self._torch.accelerator, None), told(self._mlx.accelerator, None)
        on_gpu = any(is_gpu(use) for use in uses)
        if self._ran and may_use_metal():
            self._mac.end(used_gpu=on_gpu)
        first_on_gpu = on_gpu and self._is_new_on_gpu()
        return {
            "started": iso_time(self._clock),
            "ended": iso_time(self._clock + self._wall),
            "wall": self._wall,
            "returned": self._returned,
            "evaluated": self._evaluated,
            "cpu": self._cpu,
            "gpu": self._mac.gpu,
            "accelerator": accelerator or default,
            "device": device_label(uses),
            "uses": uses,
            "left_on_cpu": left_on_cpu(uses, accelerator),
            "memory": memory,
            "host": _host(self._host_before, self._host_after),
            "unevaluated": self._unevaluated,
            "flops": self._flops(interrupted=interrupted),
            "fallbacks": self._torch.fallbacks(),
            "copies": None,
            "caveats": self._caveats(interrupted=interrupted, first_on_gpu=first_on_gpu),
        }

    def _uses(self) -> list[dict[str, Any]]:
        """Where the values are that the cell made; on a GPU also those that it used, such as a model."""
        uses = [*self._torch.uses(self._touched), *self._mlx.uses(self._touched)]
        on_gpu = [use for use in uses if is_gpu(use)]
        if on_gpu and self._touched.is_held:
            # An object that works on the GPU is not left on the CPU for what it keeps there.
            return on_gpu
        if uses and not on_gpu:
            wider = self._torch.uses(self._touched.and_named())
            # A list of numbers on the CPU may be all that a training on the GPU has bound.
            if any(is_gpu(use) for use in wider):
                return [*wider, *self._mlx.uses(self._touched)]
        return uses

    def _flops(self, *, interrupted: bool) -> int | None:
        """Of a cell that ran to its end, with nothing of it left to compute."""
        if not self._whole or interrupted or (self._unevaluated and not self._evaluate):
            return None
        from smelt_runtime.flops import flops_of

        return flops_of(self._text, self._namespace)

    def _is_new_on_gpu(self) -> bool:
        if self._code in self._ran_on_gpu or len(self._ran_on_gpu) >= MOST_CODES:
            return False
        self._ran_on_gpu.add(self._code)
        return True

    def _caveats(self, *, interrupted: bool, first_on_gpu: bool) -> list[dict[str, str]]:
        found: list[tuple[str, str]] = []
        if self._unevaluated:
            plural = "array was" if self._unevaluated == 1 else "arrays were"
            what = "evaluated for this timing" if self._evaluate else "not evaluated: their work is not timed"
            found.append(("lazy", f"{self._unevaluated} MLX {plural} left lazy and {what}."))
        if self._torch.first_use or self._mlx.first_use:
            found.append(("first-run", "The framework was loaded in this cell; a second run is faster."))
        elif first_on_gpu:
            text = "This code ran on the GPU for the first time: preparing its kernels is part of the time."
            found.append(("first-run", text))
        if interrupted:
            found.append(("interrupted", "The cell was interrupted: the time is until then."))
        for failure in filter(None, (self._torch.unsynchronized, self._mlx.unsynchronized)):
            found.append(("unsynchronized", f"The device could not be waited for: {failure}"))
        if self._ran and "torch" in sys.modules and is_translated():
            found.append(("rosetta", "This Python runs under Rosetta, without Metal."))
        return [{"kind": kind, "text": text} for kind, text in [*found, *self._mac.caveats]]


def told(ask: Callable[[], Found], otherwise: Found) -> Found:
    """What a framework and the user's values tell; they may be changed so that they answer with an error."""
    try:
        return ask()
    except Exception:
        return otherwise


def is_gpu(use: dict[str, Any]) -> bool:
    """Is it a device that computes, and not the CPU? Tensors on `meta` have no numbers."""
    return use["device"] not in ("cpu", "meta")


def has_framework() -> bool:
    """Can there be tensors or arrays in this process?"""
    return "torch" in sys.modules or "mlx.core" in sys.modules


def iso_time(nanoseconds: int) -> str:
    """Nanoseconds since 1970 as `2026-11-25T12:00:00.000000Z`."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{_iso_second(seconds)}.{rest // 1000:06d}Z"


@lru_cache(maxsize=2)
def _iso_second(seconds: int) -> str:
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(seconds))


def device_label(uses: list[dict[str, Any]]) -> str | None:
    """GPU devices first; the CPU is only named when no GPU was used by that framework."""
    if not uses:
        return None
    labels: list[str] = []
    for framework in ("torch", "mlx"):
        devices = [use["device"].split(":")[0] for use in uses if use["framework"] == framework]
        on_gpu = sorted({device for device in devices if device not in ("cpu", "meta")})
        for device in on_gpu or sorted(set(devices)):
            labels.append(f"mlx {device}" if framework == "mlx" else device)
    return " + ".join(labels)


def left_on_cpu(uses: list[dict[str, Any]], accelerator: str | None) -> list[str]:
    """Names of torch values on the CPU of a machine whose GPU torch can use."""
    if accelerator is None:
        return []
    on_cpu = [use for use in uses if use["framework"] == "torch" and use["device"] == "cpu"]
    return [name for use in on_cpu for name in use["names"]]


def _host(before: tuple[int, int] | None, after: tuple[int, int] | None) -> dict[str, Any] | None:
    if before is None or after is None:
        return None
    return {"before": before[0], "after": after[0], "peak": after[1] if after[1] > before[1] else None}
