"""What torch tells about its devices. Never imports torch."""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from smelt_runtime.after_import import AfterImport
from smelt_runtime.class_names import name_of
from smelt_runtime.torch_sizes import StorageBytes

if TYPE_CHECKING:
    from smelt_runtime.touched import Touched

FALLBACK = re.compile(
    r"The operator '([^']+)' is not currently supported on the MPS backend and will fall back"
)
"""aten/src/ATen/mps/MPSFallback.mm warns so, once per process unless set_warn_always."""

FALLBACK_FILTER = r"The operator '.*' is not currently supported on the MPS"

MOST_NAMES = 8


class TorchMeter:
    """Waits for torch's devices, reads their memory and catches operators that fall back."""

    def __init__(self) -> None:
        self._hooked = False
        self._warned_always: bool | None = None
        self._accelerator: str | None = None
        self._import = AfterImport("torch", self._watch)
        self._memory_before: dict[str, int] = {}
        self._peak_before: dict[str, int] = {}
        self._fallbacks: Counter[tuple[str, str, int]] = Counter()
        self._known = False
        self._mps_seen = False
        self.first_use = False
        self.unsynchronized = ""

    def begin(self) -> None:
        """Idle devices, and their memory before the cell."""
        torch = loaded_torch()
        self.first_use = False
        self.unsynchronized = ""
        self._fallbacks.clear()
        self._known = torch is not None
        if torch is None:
            if "torch" not in sys.modules:
                self._import.install()
            return
        # Without it no fallback is seen, and all else is.
        with suppress(Exception):
            self._watch()
        self.synchronize()
        self._memory_before = self._allocated(torch)
        self._peak_before = self._peaks(torch)

    def synchronize(self) -> None:
        """Wait for every device that may be computing.

        MPS has no flag for "in use", and its work may have left nothing behind to see: it is
        always waited for, which reads no environment variable and allocates nothing. CUDA only when
        it was initialised.
        """
        torch = loaded_torch()
        if torch is None:
            return
        if not self._known:
            self.first_use = True
        try:
            if torch.backends.mps.is_available():
                torch.mps.synchronize()
            if torch.cuda.is_available() and torch.cuda.is_initialized():
                for index in range(torch.cuda.device_count()):
                    torch.cuda.synchronize(index)
        except Exception as error:
            self.unsynchronized = f"{type(error).__name__}: {error}"

    def _watch(self) -> None:
        """Let every fallback of this cell warn, with the line of the user's code.

        A cell that silences all warnings silences these, until it ends.
        """
        torch = sys.modules.get("torch")
        if torch is None or not hasattr(torch, "set_warn_always"):
            return
        self._warned_always = bool(torch.is_warn_always_enabled())
        torch.set_warn_always(True)
        first = warnings.filters[0] if warnings.filters else None
        if first is None or getattr(first[1], "pattern", None) != FALLBACK_FILTER:
            warnings.filterwarnings("always", message=FALLBACK_FILTER)
        if self._hooked:
            return
        self._hooked = True
        show = warnings.showwarning

        def showwarning(message: Any, category: Any, filename: str, lineno: int, *rest: Any) -> None:
            if not self.note_warning(str(message), filename, lineno):
                show(message, category, filename, lineno, *rest)

        warnings.showwarning = showwarning

    def end(self) -> None:
        """The cell is over: torch warns again as the user has set it."""
        self._import.remove()
        if self._warned_always is False and (torch := loaded_torch()) is not None:
            with suppress(Exception):
                torch.set_warn_always(False)
        self._warned_always = None

    def accelerator(self) -> str | None:
        """The GPU that torch offers here. What was found stays."""
        torch = loaded_torch()
        if self._accelerator is None and torch is not None:
            if torch.backends.mps.is_available():
                self._accelerator = "mps"
            elif torch.cuda.is_initialized() and torch.cuda.is_available():
                self._accelerator = "cuda"
        return self._accelerator

    def note_warning(self, message: str, filename: str, lineno: int) -> bool:
        """Count a fallback warning; False for every other warning."""
        found = FALLBACK.search(message)
        if found is None:
            return False
        self._fallbacks[(found[1], filename, lineno - 1)] += 1
        return True

    def fallbacks(self) -> list[dict[str, Any]]:
        """Operators that ran on the CPU in this cell."""
        return [
            {"operator": operator, "filename": filename, "line": line, "count": count}
            for (operator, filename, line), count in self._fallbacks.items()
        ]

    def uses(self, touched: Touched) -> list[dict[str, Any]]:
        """Tensors by device."""
        by_device: dict[str, dict[str, Any]] = {}
        sizes = StorageBytes()
        for name, tensor in touched.of("torch"):
            device = device_of(tensor)
            if device is None:
                continue
            self._mps_seen = self._mps_seen or device.startswith("mps")
            use = by_device.setdefault(
                device.removesuffix(":0") if device.startswith("mps") else device,
                {"names": [], "count": 0, "bytes": 0},
            )
            use["count"] += 1
            use["bytes"] += sizes.add(tensor)
            if name not in use["names"] and len(use["names"]) < MOST_NAMES:
                use["names"].append(name)
        return [{"framework": "torch", "device": device, **use} for device, use in by_device.items()]

    def memory(self) -> list[dict[str, Any]]:
        """Bytes on each accelerator before and after the cell."""
        torch = loaded_torch()
        if torch is None:
            return []
        peaks = self._peaks(torch)
        return [
            {
                "framework": "torch",
                "device": device,
                "before": self._memory_before.get(device, 0),
                "after": after,
                # A peak from before the cell says nothing about the cell.
                "peak": peaks[device] if peaks.get(device, 0) > self._peak_before.get(device, 0) else None,
            }
            for device, after in self._allocated(torch).items()
        ]

    def _allocated(self, torch: Any) -> dict[str, int]:
        """MPS only once a tensor was seen there: asking earlier would fix its watermarks."""
        found = {}
        if self._mps_seen and hasattr(torch.mps, "current_allocated_memory"):
            found["mps"] = torch.mps.current_allocated_memory()
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            for index in range(torch.cuda.device_count()):
                found[f"cuda:{index}"] = torch.cuda.memory_allocated(index)
        return found

    def _peaks(self, torch: Any) -> dict[str, int]:
        if not (torch.cuda.is_available() and torch.cuda.is_initialized()):
            return {}
        return {
            f"cuda:{index}": torch.cuda.max_memory_allocated(index)
            for index in range(torch.cuda.device_count())
        }


def loaded_torch() -> Any | None:
    """torch, when user code has imported it completely."""
    torch = sys.modules.get("torch")
    return torch if torch is not None and hasattr(torch, "mps") and hasattr(torch, "cuda") else None


def device_of(tensor: Any) -> str | None:
    """`cpu`, `mps:0`; `meta` for those without numbers; None when a class of the user's does not tell."""
    # It names the device that it stands for.
    if name_of(type(tensor)) == "FakeTensor":
        return "meta"
    try:
        return str(getattr(tensor, "device", "cpu"))
    except Exception:
        return None
