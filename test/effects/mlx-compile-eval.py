"""The example raises; mx.where gives what it was meant to give."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert error.startswith("ValueError: [eval] Attempting to eval an array"), error
    scaled = run(good)["y"].tolist()
    assert scaled == [0.5, 1.0], scaled
    return {"calls that raise ValueError": 1, "largest value of the traced function": max(scaled)}
