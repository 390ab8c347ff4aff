"""Bytes of main memory that this process has, now and at most."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from contextlib import suppress
from functools import lru_cache
from os import fstat
from typing import Any

with suppress(ImportError):  # Windows
    from os import pread

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment] # a module's name, and there is none

PROC_PID_RUSAGE_V4 = 4
FOOTPRINT = 16 + 7 * 8
LIFETIME_MAX_FOOTPRINT = 16 + 28 * 8
"""Offsets in rusage_info_v4 of <sys/resource.h>: a UUID of 16 bytes, then fields of 8. Not seen on a Mac."""

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0

_statm: list[Any] = []
"""An open /proc/self/statm, and its inode and device: opening it takes longer than reading it."""


def host_memory() -> tuple[int, int] | None:
    """(now, at most since the process began): resident bytes, on macOS the physical footprint."""
    if sys.platform == "darwin":
        return _footprint()
    if resource is None:
        return None
    pages = _resident_pages()
    if pages is None:
        return None
    now = pages * PAGE
    return now, max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, now)


def _resident_pages() -> int | None:
    try:
        if not _is_statm_open():
            descriptor = os.open("/proc/self/statm", os.O_RDONLY)
            _statm[:] = (descriptor, fstat(descriptor)[1:3])
        return int(pread(_statm[0], 128, 0).split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _is_statm_open() -> bool:
    """A cell may close descriptors, and open other files under their numbers."""
    try:
        return bool(_statm) and fstat(_statm[0])[1:3] == _statm[1]
    except OSError:
        return False


def _footprint() -> tuple[int, int] | None:
    """What Activity Monitor calls Memory, and what the system ends processes by."""
    call = _proc_pid_rusage()
    buffer = ctypes.create_string_buffer(512)
    if call is None or call(os.getpid(), PROC_PID_RUSAGE_V4, buffer) != 0:
        return None
    return parse_footprint(buffer.raw)


@lru_cache(maxsize=1)
def _proc_pid_rusage() -> Any | None:
    try:
        return ctypes.CDLL(None).proc_pid_rusage
    except (OSError, AttributeError):
        return None


def parse_footprint(raw: bytes) -> tuple[int, int]:
    """The two fields of a rusage_info_v4."""
    (now,) = struct.unpack_from("<Q", raw, FOOTPRINT)
    (most,) = struct.unpack_from("<Q", raw, LIFETIME_MAX_FOOTPRINT)
    return now, max(most, now)
