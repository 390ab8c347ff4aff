"""The float32 constant doubles the bytes of the result."""

import mlx.core as mx

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    wide, half = run(bad)["y"], run(good)["y"]
    assert wide.dtype == mx.float32, wide.dtype
    assert half.dtype == mx.float16, half.dtype
    return {"bytes": wide.nbytes, "bytes with the dtype of x": half.nbytes}
