"""The gradient of x * x.item() at 3 is 3; that of x * x is 6."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    partial, whole = run(bad)["gradient"].item(), run(good)["gradient"].item()
    assert (partial, whole) == (3.0, 6.0), (partial, whole)
    return {"gradient with item()": partial, "gradient without": whole}
