"""Every number of one tensor or array, on demand: how many are NaN, and what range the others have."""

from __future__ import annotations

import sys
from typing import Any

from smelt_runtime.class_names import name_of, package_of
from smelt_runtime.touched import framework_of


def examine(value: Any) -> dict[str, Any]:
    """Counts and figures of an Examined event; `error` says why there are none."""
    nothing = dict.fromkeys(("count", "nan", "infinite", "minimum", "maximum", "mean"))
    try:
        figures = _figures(value)
    except Exception as error:
        return {**nothing, "error": f"{type(error).__name__}: {error}".split("\n", 1)[0]}
    if figures is None:
        return {**nothing, "error": f"{name_of(type(value))} has no numbers to examine."}
    return {**nothing, **figures, "error": None}


def _figures(value: Any) -> dict[str, Any] | None:
    framework = framework_of(type(value))
    if framework == "torch":
        return _torch(value.detach())
    if framework == "mlx":
        return _mlx(value)
    if package_of(type(value)) == "numpy":
        return _numpy(value)
    return None


def _torch(tensor: Any) -> dict[str, Any]:
    torch = sys.modules["torch"]
    if tensor.numel() == 0:
        return {"count": 0, "nan": 0, "infinite": 0}
    # float64 does not exist on MPS.
    numbers = torch.view_as_real(tensor) if tensor.is_complex() else tensor
    if not numbers.is_floating_point():
        numbers = numbers.float()
    if numbers.dtype in (torch.float16, torch.bfloat16) or numbers.element_size() == 1:
        numbers = numbers.float()
    finite = numbers[torch.isfinite(numbers)]
    return {
        "count": tensor.numel(),
        "nan": int(torch.isnan(numbers).sum()),
        "infinite": int(torch.isinf(numbers).sum()),
        **_range(finite, finite.numel()),
    }


def _mlx(array: Any) -> dict[str, Any]:
    core = sys.modules["mlx.core"]
    if array.size == 0:
        return {"count": 0, "nan": 0, "infinite": 0}
    numbers = array.astype(core.float32)
    nan, infinite = core.isnan(numbers), core.isinf(numbers)
    finite = core.logical_not(core.logical_or(nan, infinite))
    found = int(finite.sum().item())
    figures: dict[str, Any] = {
        "count": array.size,
        "nan": int(nan.sum().item()),
        "infinite": int(infinite.sum().item()),
    }
    if found:
        figures["minimum"] = core.where(finite, numbers, float("inf")).min().item()
        figures["maximum"] = core.where(finite, numbers, float("-inf")).max().item()
        figures["mean"] = core.where(finite, numbers, 0.0).sum().item() / found
    return figures


def _numpy(array: Any) -> dict[str, Any] | None:
    numpy = sys.modules["numpy"]
    if array.dtype.kind not in "fiub":
        return None
    numbers = array.astype(numpy.float64)
    finite = numbers[numpy.isfinite(numbers)]
    return {
        "count": int(array.size),
        "nan": int(numpy.isnan(numbers).sum()),
        "infinite": int(numpy.isinf(numbers).sum()),
        **_range(finite, finite.size),
    }


def _range(finite: Any, count: int) -> dict[str, Any]:
    if count == 0:
        return {}
    return {"minimum": float(finite.min()), "maximum": float(finite.max()), "mean": float(finite.mean())}
