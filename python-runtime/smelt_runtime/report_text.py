"""A report in one line of text, for front ends that know no other form."""

from __future__ import annotations

from typing import Any

NOTABLE_MEMORY = 1_000_000


def report_text(report: dict[str, Any]) -> str:
    """`mps · 12.4 ms · +512 MB · 2 ops on CPU (aten::mode, line 14) · first run`."""
    parts = [report["device"] or "Python", time_text(report["wall"])]
    if report["gpu"] == 0 and report["accelerator"]:
        parts.append("GPU idle")
    if report["left_on_cpu"]:
        parts.append(f"on the CPU: {', '.join(report['left_on_cpu'])}")
    fallbacks = report["fallbacks"]
    if fallbacks:
        names = {each["operator"] for each in fallbacks}
        first = fallbacks[0]
        where = f"{first['operator']}, line {first['line'] + 1}"
        parts.append(f"{len(names)} op{'' if len(names) == 1 else 's'} on CPU ({where})")
    grown = sum(each["after"] - each["before"] for each in report["memory"])
    if abs(grown) >= NOTABLE_MEMORY:
        parts.append(f"{'+' if grown > 0 else '-'}{bytes_text(abs(grown))}")
    if report["unevaluated"]:
        count = report["unevaluated"]
        done = "computed" if report["evaluated"] else "not computed"
        parts.append(f"{count} lazy array{'' if count == 1 else 's'} {done}")
    kinds = {caveat["kind"] for caveat in report["caveats"]}
    words = {
        "first-run": "first run",
        "rosetta": "Rosetta: no Metal",
        "unsynchronized": "not synchronised",
        "thermal": "thermal pressure",
        "contention": "GPU shared",
    }
    parts.extend(text for kind, text in words.items() if kind in kinds)
    return " · ".join(parts)


def time_text(nanoseconds: float) -> str:
    """Three significant digits and a unit."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= 0.9995 * size or unit == "µs":
            return f"{_digits(nanoseconds / size)} {unit}"
    return ""


def bytes_text(count: float) -> str:
    """Decimal units, as macOS uses them."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= 0.9995 * size:
            return f"{_digits(count / size)} {unit}"
    return f"{count:.0f} bytes"


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= 99.95 else f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"
