"""Bytes of main memory that this process has, now and at most."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import Any

PROC_PID_RUSAGE_V4 = 4
FOOTPRINT = 16 + 7 * 8
LIFETIME_MAX_FOOTPRINT = 16 + 28 * 8
"""Offsets in rusage_info_v4 of <sys/resource.h>: a UUID of 16 bytes, then fields of 8. Not seen on a Mac."""


def host_memory() -> tuple[int, int] | None:
    """(now, at most since the process began): resident bytes, on macOS the physical footprint."""
    if sys.platform == "darwin":
        return _footprint()
    try:
        import resource

        with open("/proc/self/statm", "rb", buffering=0) as file:
            pages = int(file.read().split()[1])
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    except (ImportError, OSError, ValueError, IndexError):
        return None
    now = pages * os.sysconf("SC_PAGE_SIZE")
    return now, max(most, now)


def _footprint() -> tuple[int, int] | None:
    """What Activity Monitor calls Memory, and what the system ends processes by."""
    buffer = ctypes.create_string_buffer(512)
    try:
        call: Any = ctypes.CDLL(None).proc_pid_rusage
    except (OSError, AttributeError):
        return None
    if call(os.getpid(), PROC_PID_RUSAGE_V4, buffer) != 0:
        return None
    return parse_footprint(buffer.raw)


def parse_footprint(raw: bytes) -> tuple[int, int]:
    """The two fields of a rusage_info_v4."""
    (now,) = struct.unpack_from("<Q", raw, FOOTPRINT)
    (most,) = struct.unpack_from("<Q", raw, LIFETIME_MAX_FOOTPRINT)
    return now, max(most, now)
