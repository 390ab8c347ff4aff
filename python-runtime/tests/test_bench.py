"""The benchmark's command, its sampling and its statistics."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from time import perf_counter

import pytest
from kernel_process import RUNTIME

from smelt_runtime.bench.matmul import mlx_workload, operations
from smelt_runtime.bench.sampling import take_samples
from smelt_runtime.bench.statistics import quartiles

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(RUNTIME)}
INSTALLED = [name for name in ("torch", "mlx") if importlib.util.find_spec(name) is not None]


def run_bench(*arguments: str) -> list[dict]:
    done = subprocess.run(
        [sys.executable, "-m", "smelt_runtime", "bench", "matmul", *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_quartiles_interpolate_as_numpy_does():
    assert quartiles([4.0, 1.0, 3.0, 2.0]) == (1.75, 2.5, 3.25)
    assert quartiles([5.0]) == (5.0, 5.0, 5.0)


def test_a_product_of_8192_is_1_1_teraflop():
    assert operations(8192) == 1_099_511_627_776


def test_short_work_is_repeated_within_a_sample():
    calls: list[int] = []
    samples = take_samples(calls.append, budget=0.2)
    assert samples.iterations > 1000
    assert len(samples.seconds) >= 7
    assert set(calls[:2]) == {1}, "the first run and the warm-ups are single"


@pytest.mark.skipif(not INSTALLED, reason="neither torch nor mlx is installed")
def test_every_device_of_every_framework_gets_a_row():
    events = run_bench("--size", "256", "--seconds", "0.5")
    rows = [event for event in events if event["type"] == "row"]
    assert {(row["framework"], row["device"]) for row in rows} >= {(name, "cpu") for name in INSTALLED}
    for row in rows:
        assert row["error"] is None
        assert row["size"] == [256, 256]
        assert row["q1"] <= row["median"] <= row["q3"]
        assert row["gflops"] == pytest.approx(2 * 256**3 / row["median"] / 1e9)
    progress = [event for event in events if event["type"] == "progress"]
    assert [event["done"] for event in progress] == list(range(len(rows)))
    assert events[-1]["type"] == "end"


@pytest.mark.skipif("mlx" not in INSTALLED, reason="mlx is not installed")
def test_products_of_mlx_are_all_computed_when_the_run_is_over():
    run = mlx_workload(importlib.import_module("mlx.core"), "cpu", 512)

    def seconds(iterations: int) -> float:
        begun = perf_counter()
        run(iterations)
        return perf_counter() - begun

    # The fastest of several, and half of the time: the machine may be busy with something else.
    assert seconds(20) > 10 * min(seconds(1) for _ in range(5))


@pytest.mark.skipif("torch" not in INSTALLED, reason="torch is not installed")
def test_too_large_a_matrix_is_an_error_of_its_row():
    events = run_bench("--size", "4000000", "--frameworks", "torch", "--devices", "cpu")
    (row,) = [event for event in events if event["type"] == "row"]
    assert row["median"] is None
    assert "need 192,000 GB" in row["error"]
    assert "\n" not in row["error"]


def test_a_missing_framework_is_a_caveat():
    events = run_bench("--frameworks", "torch_that_nobody_has")
    assert [event["type"] for event in events] == ["end"]
    assert "is not installed" in events[0]["caveats"][0]


@pytest.mark.skipif("torch" not in INSTALLED, reason="torch is not installed")
def test_stopping_keeps_what_was_measured():
    process = subprocess.Popen(
        [sys.executable, "-m", "smelt_runtime", "bench", "matmul", "--size", "512", "--seconds", "600"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert json.loads(process.stdout.readline())["type"] == "progress"
    process.send_signal(signal.SIGINT)
    events = [json.loads(line) for line in process.stdout]
    assert process.wait(600) == 0
    assert events[-1]["type"] == "end"
    assert any("Stopped" in caveat for caveat in events[-1]["caveats"])
