"""With NumPy on the left the result is NumPy's, in float64."""

import mlx.core as mx
import numpy as np

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    taken, kept = run(bad)["scaled"], run(good)["scaled"]
    assert type(taken) is np.ndarray, type(taken)
    assert taken.dtype == np.float64, taken.dtype
    assert isinstance(kept, mx.array) and kept.dtype == mx.float16, kept.dtype
    return {"bytes of the result": taken.nbytes, "bytes with MLX": kept.nbytes}
