"""Takes samples of a workload until they settle or the budget is spent."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smelt_runtime.bench.statistics import is_settled

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST_SAMPLE = 0.02
"""Seconds: shorter samples measure the clock and the launch."""

WARM_UPS = 5
FEWEST = 7
MOST = 100


@dataclass
class Samples:
    """Seconds for each iteration, and how they were taken."""

    first: float
    seconds: list[float]
    iterations: int


def take_samples(run: Callable[[int], None], budget: float) -> Samples:
    """Time `run(iterations)`, which computes that many iterations to the end before it returns."""
    deadline = time.perf_counter() + budget
    first = _time(run, 1)
    once = first
    for _ in range(WARM_UPS):
        once = _time(run, 1)
        if time.perf_counter() > deadline:
            break
    iterations = max(1, min(10_000, round(SHORTEST_SAMPLE / max(once, 1e-9))))
    seconds: list[float] = []
    while len(seconds) < MOST:
        seconds.append(_time(run, iterations) / iterations)
        enough = len(seconds) >= FEWEST and is_settled(seconds)
        late = len(seconds) >= 3 and time.perf_counter() > deadline  # quartiles need three
        if late or (enough and len(seconds) >= 15):  # a floor for small spreads
            break
    return Samples(first, seconds, iterations)


def _time(run: Callable[[int], None], iterations: int) -> float:
    start = time.perf_counter()
    run(iterations)
    return time.perf_counter() - start
