"""The numbers of a benchmark: median and quartiles of samples."""

from __future__ import annotations


def quantile(ordered: list[float], fraction: float) -> float:
    """A quantile of sorted values, linear between neighbours (numpy's default)."""
    place = (len(ordered) - 1) * fraction
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def quartiles(samples: list[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile."""
    ordered = sorted(samples)
    return quantile(ordered, 0.25), quantile(ordered, 0.5), quantile(ordered, 0.75)


def is_settled(samples: list[float], spread: float = 0.1) -> bool:
    """Is the interquartile range small against the median?"""
    q1, median, q3 = quartiles(samples)
    return median > 0 and (q3 - q1) / median < spread
