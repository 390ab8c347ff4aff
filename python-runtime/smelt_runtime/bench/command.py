"""`python -m smelt_runtime bench matmul …`: JSON lines, one for each step and result."""

from __future__ import annotations

import argparse
import json
import platform
import signal
import sys
from typing import TYPE_CHECKING, Any

from smelt_runtime.bench import matmul
from smelt_runtime.bench.sampling import take_samples
from smelt_runtime.bench.statistics import quartiles
from smelt_runtime.distributions import installed_versions
from smelt_runtime.hardware import chip_name, is_translated, memory_bytes
from smelt_runtime.kernel import hide_runtime_folder
from smelt_runtime.probe import probe

if TYPE_CHECKING:
    from collections.abc import Callable

WORKLOADS = {matmul.NAME: matmul}


def run_benchmark(arguments: list[str]) -> int:
    """Run a workload on every device of every framework; the exit code."""
    hide_runtime_folder()
    parser = argparse.ArgumentParser(prog="python -m smelt_runtime bench")
    parser.add_argument("workload", choices=sorted(WORKLOADS))
    parser.add_argument("--size", type=_positive, help="rows and columns of the matrices")
    parser.add_argument("--frameworks", default="torch,mlx")
    parser.add_argument("--devices", help="only these devices, separated by commas")
    parser.add_argument("--seconds", type=float, default=5.0, help="budget for each device")
    options = parser.parse_args(arguments)
    # A shell that starts this in the background has made it deaf to SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    caveats: list[str] = []
    try:
        _run(options, caveats)
    except KeyboardInterrupt:
        caveats.append("Stopped before the end: the rows so far are complete.")
    _send({"type": "end", "python": platform.python_version(), "chip": chip_name(), "caveats": caveats})
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value <= 0:
        message = f"{text} is not a positive number"
        raise argparse.ArgumentTypeError(message)
    return value


def _run(options: argparse.Namespace, caveats: list[str]) -> None:
    wanted = options.frameworks.split(",")
    only = None if options.devices is None else options.devices.split(",")
    found = probe()
    caveats.extend(found["errors"])
    versions = installed_versions()
    for framework in wanted:
        if framework not in versions:
            caveats.append(f"{framework} is not installed in {sys.executable}: pip install {framework}")
    if is_translated():
        caveats.append("This Python runs under Rosetta: the numbers are those of an emulated CPU.")
    targets = [
        device
        for device in found["devices"]
        if device["framework"] in wanted and (only is None or device["device"] in only)
    ]
    for index, target in enumerate(targets):
        label = f"{options.workload} on {target['framework']} {target['device']}"
        _send({"type": "progress", "label": label, "done": index, "total": len(targets)})
        _send(_row(options, target, versions))


def _row(options: argparse.Namespace, target: dict[str, Any], versions: dict[str, str]) -> dict[str, Any]:
    workload = WORKLOADS[options.workload]
    on_cpu = target["device"] == "cpu"
    size = options.size or (workload.SIZE_ON_CPU if on_cpu else workload.SIZE_ON_GPU)
    row: dict[str, Any] = {
        "type": "row",
        "workload": options.workload,
        "framework": target["framework"],
        "framework_version": versions.get(target["framework"], ""),
        "device": target["device"],
        "device_name": target["name"],
        "dtype": workload.DTYPE,
        "size": [size, size],
        "samples": 0,
        "iterations": 0,
        "first": None,
        "median": None,
        "q1": None,
        "q3": None,
        "gflops": None,
        "error": None,
    }
    try:
        samples = take_samples(_workload(target, size), options.seconds)
    except Exception as error:
        row["error"] = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        return row
    q1, median, q3 = quartiles(samples.seconds)
    row.update(
        samples=len(samples.seconds),
        iterations=samples.iterations,
        first=samples.first,
        median=median,
        q1=q1,
        q3=q3,
        gflops=workload.operations(size) / median / 1e9,
    )
    return row


def _workload(target: dict[str, Any], size: int) -> Callable[[int], None]:
    needed, there = matmul.memory(size), target.get("memory") or memory_bytes()
    if 0 < there < needed:
        # Some systems promise any amount, and then swap until they stop answering.
        raise MemoryError(
            f"three matrices of {size} x {size} need {needed / 1e9:,.0f} GB, there are {there / 1e9:,.0f} GB"
        )
    if target["framework"] == "torch":
        import torch

        return matmul.torch_workload(torch, target["device"], size)
    import mlx.core

    return matmul.mlx_workload(mlx.core, target["device"], size)


def _send(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()
