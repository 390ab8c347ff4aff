"""64 parts do not fit into three names; three parts are of 64."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert error.startswith("ValueError: too many values to unpack"), error
    q = run(good)["q"]
    assert q.shape == (2, 64), q.shape
    return {"size of a part": q.shape[-1]}
