"""Equal arrays: the test raises, the comparison with a list is False."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert error.startswith("ValueError: [convert] Only length-1 arrays"), error
    comparison = bad[: bad.index("if a == b")]
    assert run(comparison)["same_as_list"] is False
    assert run(good)["same_as_list"] is True
    return {"== with a list": 0, "mx.array_equal": 1}
