"""The unreduced loss raises; the mean is differentiated."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert "does not match cotangent shape" in error, error
    loss = run(good)["loss"]
    assert loss.shape == (), loss.shape
    return {"calls that raise ValueError": 1, "mean loss": loss.item()}
