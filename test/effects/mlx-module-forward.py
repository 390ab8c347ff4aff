"""The module with forward cannot be called."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert error == "TypeError: 'Block' object is not callable", error
    y = run(good)["y"]
    assert y.shape == (2, 4), y.shape
    return {"elements with __call__": y.size}
