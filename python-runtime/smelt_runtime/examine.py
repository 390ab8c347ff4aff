"""Every number of one tensor or array, on demand: how many are NaN, and what range the others have."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

from smelt_runtime.class_names import name_of, package_of
from smelt_runtime.touched import framework_of

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 200
"""Characters of an error; torch names every backend that it has."""
ROW = 32
"""Numbers that MLX adds in one go: its sum of 40 million ones is 2 ** 25 on the CPU (mlx 0.32.4)."""
MANY = 100_000
"""Numbers that Python adds up itself."""


def examine(value: Any) -> dict[str, Any]:
    """Counts and figures of an Examined event; `error` says why there are none."""
    nothing = dict.fromkeys(("count", "nan", "infinite", "minimum", "maximum", "mean"))
    try:
        figures = _figures(value)
    except Exception as error:
        return {**nothing, "error": f"{type(error).__name__}: {error}".split("\n", 1)[0][:LONGEST]}
    if isinstance(figures, dict):
        return {**nothing, **figures, "error": None}
    return {**nothing, "error": figures or f"{name_of(type(value))} has no numbers to examine."}


def _figures(value: Any) -> dict[str, Any] | str | None:
    """The figures; a sentence, or None, when there are none."""
    framework = framework_of(type(value))
    if framework == "torch":
        return _torch(value.detach())
    if framework == "mlx":
        return _mlx(value)
    if package_of(type(value)) == "numpy":
        return _numpy(value)
    return None


def _torch(tensor: Any) -> dict[str, Any] | str:
    torch = sys.modules["torch"]
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.device.type == "meta":
        return "A tensor on meta has a shape and no numbers."
    if tensor.layout != torch.strided:
        return f"A tensor of layout {tensor.layout} is examined by its values: examine those."
    if tensor.numel() == 0 or tensor.is_complex():
        return _counts(tensor.numel(), torch.isnan(tensor).sum(), torch.isinf(tensor).sum())
    if tensor.dtype == torch.bool:
        tensor = tensor.to(torch.uint8)
    if not tensor.is_floating_point():
        return {
            **_counts(tensor.numel(), 0, 0),
            **_range(tensor.min(), tensor.max(), lambda size: tensor.float().div(size).mean()),
        }
    # Halves and eighths of a float64 overflow; float64 does not exist on MPS.
    numbers = tensor.float() if tensor.element_size() < 4 else tensor
    finite = numbers[torch.isfinite(numbers)]
    counts = _counts(tensor.numel(), torch.isnan(numbers).sum(), torch.isinf(numbers).sum())
    if finite.numel() == 0:
        return counts
    return {**counts, **_range(finite.min(), finite.max(), lambda size: (finite / size).mean())}


def _mlx(array: Any) -> dict[str, Any]:
    core = sys.modules["mlx.core"]
    if array.size == 0:
        return _counts(0, 0, 0)
    # Only the CPU computes with float64.
    where = {"stream": core.cpu} if array.dtype == core.float64 else {}
    nan, infinite = core.isnan(array, **where), core.isinf(array, **where)
    counts = _counts(array.size, nan.sum(**where).item(), infinite.sum(**where).item())
    if core.issubdtype(array.dtype, core.complexfloating):
        return counts
    if not core.issubdtype(array.dtype, core.floating):
        numbers = array.astype(core.uint8) if array.dtype == core.bool_ else array
        least, most = numbers.min().item(), numbers.max().item()
        return {
            **counts,
            **_range(least, most, lambda size: _sum(array.astype(core.float32) / size, {}) / array.size),
        }
    numbers = array.astype(core.float32) if array.dtype.size < 4 else array
    finite = core.isfinite(array, **where)
    found = array.size - counts["nan"] - counts["infinite"]
    if not found:
        return counts
    least = core.where(finite, numbers, float("inf"), **where).min(**where).item()
    most = core.where(finite, numbers, float("-inf"), **where).max(**where).item()
    zeros = core.where(finite, numbers, 0.0, **where)
    return {
        **counts,
        **_range(least, most, lambda size: _sum(core.divide(zeros, size, **where), where) / found),
    }


def _sum(numbers: Any, where: dict[str, Any]) -> float:
    """The sum of numbers about 1."""
    flat = numbers.reshape(-1, **where)
    left: list[float] = []
    while flat.size > MANY:
        whole = flat.size // ROW * ROW
        left.extend(flat[whole:].tolist())
        flat = flat[:whole].reshape(-1, ROW, **where).sum(axis=1, **where)
    return math.fsum([*left, *flat.tolist()])


def _numpy(array: Any) -> dict[str, Any] | None:
    numpy = sys.modules["numpy"]
    if array.dtype.kind not in "fiubc":
        return None
    if array.size == 0 or array.dtype.kind == "c":
        return _counts(array.size, numpy.isnan(array).sum(), numpy.isinf(array).sum())
    finite = array[numpy.isfinite(array)]
    counts = _counts(array.size, numpy.isnan(array).sum(), numpy.isinf(array).sum())
    if finite.size == 0:
        return counts
    return {
        **counts,
        **_range(finite.min(), finite.max(), lambda size: (finite / size).mean(dtype=numpy.float64)),
    }


def _counts(count: int, nan: Any, infinite: Any) -> dict[str, Any]:
    return {"count": int(count), "nan": int(nan), "infinite": int(infinite)}


def _range(least: Any, most: Any, mean: Callable[[float], Any]) -> dict[str, Any]:
    """`mean` gives that of the numbers divided by a size like theirs: their own sum could be too large."""
    minimum, maximum = (each.item() if hasattr(each, "item") else each for each in (least, most))
    # A power of two, so that nothing is rounded; of the largest and smallest float32 there is one.
    exponent = math.frexp(max(abs(minimum), abs(maximum)))[1] - 1
    size = math.ldexp(1.0, max(exponent, -100))
    return {"minimum": minimum, "maximum": maximum, "mean": float(mean(size)) * size}
