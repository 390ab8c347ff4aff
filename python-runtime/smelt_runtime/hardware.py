"""Facts that the operating system tells, one function each. Only a Mac answers most of them."""

from __future__ import annotations

import os
import sys
from functools import lru_cache


def architecture() -> str:
    """`arm64`, `x86_64`, …: what platform.machine() says, which takes a while to import."""
    if hasattr(os, "uname"):
        return os.uname().machine
    import platform

    return platform.machine()


def run_tool(*command: str) -> bytes | None:
    """Output of a program of the system; None when it fails. Started without a fork where that can be."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - fixed system programs
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=5,
            check=False,
            close_fds=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def sysctl(name: str) -> str | None:
    """A value of macOS's sysctl(8) as text; None elsewhere or when it is unknown."""
    if sys.platform != "darwin":
        return None
    text = run_tool("/usr/sbin/sysctl", "-n", name)
    return None if text is None else text.decode("utf-8", "replace").strip()


def thermal_pressure() -> int | None:
    """How hot macOS says that it is, from 0 (nominal) to 4 (sleeping); None elsewhere."""
    if sys.platform != "darwin":
        return None
    text = run_tool("/usr/bin/notifyutil", "-g", "com.apple.system.thermalpressurelevel")
    return None if text is None else parse_thermal_pressure(text)


def parse_thermal_pressure(text: bytes) -> int | None:
    """The meaning of notifyutil's output, `com.apple.system.thermalpressurelevel 0`."""
    last = text.split()[-1:]
    return int(last[0]) if last and last[0].isdigit() else None


@lru_cache(maxsize=1)
def is_translated() -> bool:
    """Does Rosetta run this process? Apple: sysctl.proc_translated is 1 then, 0 or absent otherwise."""
    return parse_translated(sysctl("sysctl.proc_translated") if architecture() == "x86_64" else None)


def parse_translated(text: str | None) -> bool:
    """The meaning of sysctl.proc_translated's output."""
    return text is not None and text.strip() == "1"


def chip_name() -> str:
    """`Apple M3 Max`; on other systems the processor's name, or ""."""
    name = sysctl("machdep.cpu.brand_string")
    if name:
        return name
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            return parse_cpuinfo(file.read())
    except OSError:
        import platform

        return platform.processor()


def parse_cpuinfo(text: str) -> str:
    """The first `model name` of Linux's /proc/cpuinfo."""
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return ""


def gpu_cores() -> int | None:
    """Cores of the Mac's GPU: one chip is sold with several counts. None elsewhere."""
    if sys.platform != "darwin":
        return None
    text = run_tool("/usr/sbin/ioreg", "-r", "-c", "AGXAccelerator", "-d", "1", "-a")
    return None if text is None else parse_gpu_cores(text)


def parse_gpu_cores(text: bytes) -> int | None:
    """`gpu-core-count` in ioreg's property list. Read from public programs; never seen on a Mac by us."""
    import plistlib

    try:
        entries = plistlib.loads(text)
    except Exception:
        return None
    for entry in entries if isinstance(entries, list) else []:
        count = entry.get("gpu-core-count") if isinstance(entry, dict) else None
        if isinstance(count, int) and count > 0:
            return count
    return None


def memory_bytes() -> int:
    """Physical memory; 0 when the system does not tell."""
    text = sysctl("hw.memsize")
    if text is not None and text.isdigit():
        return int(text)
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0


def os_version() -> str:
    """The macOS version, elsewhere the kernel's release."""
    import platform

    return platform.mac_ver()[0] or platform.release()
