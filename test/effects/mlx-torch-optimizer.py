"""The constructor and both methods raise; update changes the weights."""

import mlx.core as mx

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert error.startswith("TypeError: 'float' object is not iterable"), error
    made = bad.replace("model.parameters(), ", "")
    error = error_of(made)
    assert error.startswith("AttributeError"), error
    error = error_of(made.replace("optimizer.zero_grad()", ""))
    assert error == "TypeError: 'array' object is not callable", error
    before = run(good.split("optimizer.update")[0])["model"].weight
    moved = mx.abs(run(good)["model"].weight - before).max().item()
    assert moved > 0.0, moved
    return {"errors": 3, "the weight moves by": moved}
