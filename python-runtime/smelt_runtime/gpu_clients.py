"""GPU time by process, without root: macOS's registry of the GPU's clients.

`ioreg -r -c AGXDeviceUserClient -a` prints a property list. Each client of the GPU has
`IOUserClientCreator = "pid 4245, python3.12"` and `AppUsage = ({API = Metal, accumulatedGPUTime = <ns>})`,
for MPS and MLX alike. Read from public descriptions of that output; never seen on a Mac by us.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from smelt_runtime.hardware import run_tool

CREATOR = re.compile(r"^pid (\d+),")


def gpu_times() -> dict[int, int] | None:
    """Nanoseconds of GPU time since each process began, by pid; None where it cannot be told."""
    if sys.platform != "darwin":
        return None
    text = run_tool("/usr/sbin/ioreg", "-r", "-c", "AGXDeviceUserClient", "-a")
    return None if text is None else parse_gpu_clients(text)


def parse_gpu_clients(text: bytes) -> dict[int, int] | None:
    """The meaning of ioreg's property list. A process may have several clients: they add up."""
    import plistlib

    if not text.strip():
        return {}
    try:
        entries = plistlib.loads(text)
    except Exception:
        return None
    times: dict[int, int] = {}
    pending: list[Any] = [entries]
    while pending:
        entry = pending.pop()
        if isinstance(entry, list):
            pending.extend(entry)
        elif isinstance(entry, dict):
            pending.append(entry.get("IORegistryEntryChildren"))
            creator = CREATOR.match(str(entry.get("IOUserClientCreator", "")))
            if creator is not None:
                pid = int(creator[1])
                times[pid] = times.get(pid, 0) + _accumulated(entry.get("AppUsage"))
    return times


def _accumulated(usage: Any) -> int:
    items = usage if isinstance(usage, list) else []
    times = [item.get("accumulatedGPUTime") for item in items if isinstance(item, dict)]
    return sum(time for time in times if isinstance(time, int))
