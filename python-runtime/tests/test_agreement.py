"""Our time of a kernel is that of torch.utils.benchmark."""

from __future__ import annotations

import statistics

import pytest

from smelt_runtime.measure import Measurement

torch = pytest.importorskip("torch")
# Python keeps the package as an attribute only when it was imported.
benchmark = pytest.importorskip("torch.utils.benchmark")
# Waits for the accelerator before it reads the clock.
synchronized_clock = pytest.importorskip("torch.utils.benchmark.utils.timer").timer

SAMPLES = 30
AGREEMENT = 0.03


def disagreement(device: str, size: int) -> float:
    """Median relative difference of two measurements of the same executions.

    The clock that torch's Timer reads before and after its statement also starts and stops ours, so
    that a busy machine, which makes any two executions differ, is in both numbers alike. Ours starts
    first and stops first: it has to wait for the device itself, and its preparations are not timed.
    """
    namespace = {"a": torch.randn(size, size, device=device), "torch": torch}
    measurement = Measurement(namespace)
    ours: list[float] = []
    running = False

    def clock() -> float:
        nonlocal running
        running = not running
        if running:
            measurement.reset("")
            measurement.begin()
            return synchronized_clock()
        measurement.returned()
        now = synchronized_clock()
        ours.append(measurement.report(interrupted=False)["wall"] / 1e9)
        return now

    timer = benchmark.Timer("torch.mm(a, a)", timer=clock, globals=namespace)
    differences: list[float] = []
    for _ in range(SAMPLES):
        theirs = timer.timeit(1).median
        assert theirs > 1e-3, "the kernel is too short for this comparison"
        differences.append(ours[-1] / theirs - 1)
    return statistics.median(differences)


def test_on_the_cpu():
    assert abs(disagreement("cpu", 500)) < AGREEMENT


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_cuda():
    assert abs(disagreement("cuda", 4096)) < AGREEMENT
