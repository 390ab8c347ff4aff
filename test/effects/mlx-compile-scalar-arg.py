"""Each number is a trace of its own; arrays share one."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    numbers, arrays = run(bad)["count"], run(good)["count"]
    assert (numbers, arrays) == (10, 1), (numbers, arrays)
    return {"traces for 10 numbers": numbers, "traces for 10 arrays": arrays}
