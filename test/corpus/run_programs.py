"""Runs programs before and after their fixes and prints what each of them did.

Standard input holds JSON lines {name, machine, before, after}; for each, one line {name, machine, before, after}
is printed: text, exception, the values of all global names, and the calls that reached CUDA. A machine is "cpu",
this one, or "cuda", where torch is told that it has one CUDA device: what is asked of it is noted, and computed on
the CPU. The clock ticks one second at each reading, so that times can be compared, too.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import math
import os
import random
import sys
import time
import types
import warnings
from typing import Any, Callable, Iterator
from unittest import mock

import mlx.core as mx
import numpy as np
import torch
import torch.distributed
from torch.overrides import TorchFunctionMode

CLOCKS = ("time", "perf_counter", "monotonic", "process_time")

#: Calls that need CUDA, and what a machine with it answers.
CUDA_FUNCTIONS: dict[str, Any] = {
    "is_available": True,
    "device_count": 1,
    "current_device": 0,
    "synchronize": None,
    "empty_cache": None,
    "reset_peak_memory_stats": None,
    "max_memory_allocated": 0,
    "memory_allocated": 0,
}
#: Questions change nothing, so that asking one more is no change.
QUESTIONS = ("is_available", "device_count")


class OnCuda(TorchFunctionMode):
    """Notes what is made on or moved to CUDA, and makes it on the CPU."""

    def __init__(self, calls: list[str]) -> None:
        super().__init__()
        self.calls = calls
        self.generators: list[torch.Generator] = []

    def __torch_function__(self, func: Callable, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.Tensor.cuda:
            func, args = torch.Tensor.to, (args[0], "cuda", *args[2:])
        asked = [value for value in (*args, *kwargs.values()) if is_cuda(value)]
        asynchronous = kwargs.get("non_blocking") is True
        # What only names a device moves nothing yet.
        if asked and func.__name__ not in ("device", "_parse_to"):
            generator = kwargs.get("generator")
            if generator is not None and not any(generator is own for own in self.generators):
                raise RuntimeError("Expected a 'cuda' device type for generator but found 'cpu'")
            self.calls.append(f"{func.__name__} {asked[0]}{' without waiting' if asynchronous else ''}")
            args = tuple(on_cpu(value) for value in args)
            kwargs = {name: on_cpu(value) for name, value in kwargs.items()}
        return func(*args, **kwargs)


def is_cuda(value: Any) -> bool:
    return isinstance(value, (str, torch.device)) and str(value).startswith("cuda")


def on_cpu(value: Any) -> Any:
    return "cpu" if is_cuda(value) else value


@contextlib.contextmanager
def cuda(calls: list[str]) -> Iterator[None]:
    """A machine with CUDA, as far as torch tells."""

    def noting(name: str, answer: Any) -> Callable:
        def called(*args: Any, **_: Any) -> Any:
            if name not in QUESTIONS:
                calls.append(f"torch.cuda.{name}{args}")
            return answer

        return called

    with contextlib.ExitStack() as stack:
        for name, answer in CUDA_FUNCTIONS.items():
            stack.enter_context(mock.patch.object(torch.cuda, name, noting(name, answer)))

        def start(backend: str, **_: Any) -> None:
            calls.append(f"init_process_group {backend}")

        stack.enter_context(mock.patch.object(torch.distributed, "init_process_group", start))
        stack.enter_context(mock.patch.object(torch.distributed, "destroy_process_group", lambda: None))
        # Pinning needs the real thing: what is asked for is noted.
        loader = torch.utils.data.DataLoader

        def pinning(*args: Any, pin_memory: bool = False, **named: Any) -> Any:
            calls.append(f"DataLoader pin_memory={pin_memory}")
            return loader(*args, **named)

        stack.enter_context(mock.patch.object(torch.utils.data, "DataLoader", pinning))

        generator = torch.Generator

        mode = OnCuda(calls)

        def drawing(device: Any = "cpu") -> torch.Generator:
            made = generator(on_cpu(device))
            if is_cuda(device):
                calls.append(f"Generator {device}")
                mode.generators.append(made)
            return made

        stack.enter_context(mock.patch.object(torch, "Generator", drawing))
        stack.enter_context(mode)
        yield


@contextlib.contextmanager
def ticking() -> Iterator[None]:
    ticks = itertools.count()
    with contextlib.ExitStack() as stack:
        for clock in CLOCKS:
            stack.enter_context(mock.patch.object(time, clock, lambda: float(next(ticks))))
        yield


def run(source: str, machine: str) -> dict[str, Any]:
    for seed in (random.seed, np.random.seed, torch.manual_seed, mx.random.seed):
        seed(0)
    calls: list[str] = []
    printed = io.StringIO()
    error = None
    module = types.ModuleType("__main__")
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ))
        stack.enter_context(mock.patch.dict(sys.modules, {"__main__": module}))
        stack.enter_context(contextlib.redirect_stdout(printed))
        stack.enter_context(ticking())
        if machine == "cuda":
            stack.enter_context(cuda(calls))
        try:
            exec(compile(source, "<program>", "exec"), module.__dict__)
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
    scope = module.__dict__
    values = {name: seen(value) for name, value in sorted(scope.items()) if not name.startswith("__")}
    return {
        "printed": printed.getvalue(),
        "error": error,
        "values": {name: value for name, value in values.items() if value is not None},
        "calls": calls,
    }


def seen(value: Any) -> Any:
    """What can be seen of a value, as JSON; None for functions, modules and the like."""
    if isinstance(value, torch.nn.Module):
        return seen(dict(value.state_dict()))
    if isinstance(value, torch.Tensor):
        facts = [str(value.dtype), str(value.device), str(value.layout), list(value.stride())]
        graph = [value.requires_grad, value.is_leaf, seen(value.grad) if value.is_leaf else None]
        return ["torch", *facts, *graph, seen(value.detach().numpy().tolist())]
    if isinstance(value, np.ndarray):
        return ["numpy", str(value.dtype), seen(value.tolist())]
    if isinstance(value, mx.array):
        return ["mlx", str(value.dtype), list(value.shape), seen(value.tolist())]
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(seen, value)]
    if isinstance(value, dict):
        return {str(key): seen(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (torch.device, torch.dtype, mx.Dtype)):
        return f"{type(value).__name__} {value}"
    return None


def main() -> None:
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        program = json.loads(line)
        machine = program["machine"]
        did = {which: run(program[which], machine) for which in ("before", "after")}
        print(json.dumps({"name": program["name"], "machine": machine, **did}), flush=True)


if __name__ == "__main__":
    main()
