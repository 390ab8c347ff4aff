"""One short line about a value, for the end of a cell."""

from __future__ import annotations

from typing import Any

from smelt_runtime.class_names import name_of, package_of

LONGEST = 120


def summary_of(value: Any) -> str:
    """`tensor float32 [8192, 8192] mps`, `array float32 [2, 3]`, or the first line of repr()."""
    kind = type(value)
    module = package_of(kind)
    try:
        if module == "torch" and hasattr(value, "dtype") and hasattr(value, "device") and value.dim() > 0:
            return f"tensor {_dtype(value)} {list(value.shape)} {value.device}"
        if module in ("mlx", "numpy") and hasattr(value, "shape") and len(value.shape) > 0:
            name = "array" if module == "mlx" else "ndarray"
            return f"{name} {_dtype(value)} {list(value.shape)}"
        if module == "pandas" and hasattr(value, "shape"):
            return f"{name_of(kind)} {' x '.join(map(str, value.shape))}"
        text = repr(value)
    except Exception as error:
        return f"{name_of(kind)} (its repr raised {type(error).__name__})"
    line = text.split("\n", 1)[0]
    cut = len(line) > LONGEST or "\n" in text
    return line[: LONGEST - 1] + "…" if cut else line


def _dtype(value: Any) -> str:
    return str(value.dtype).rsplit(".", 1)[-1]
