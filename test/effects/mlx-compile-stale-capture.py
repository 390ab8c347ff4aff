"""The captured array keeps its first value; an argument does not."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    stale = run(bad)["second"].item()
    fresh = run(good)["second"].item()
    assert (stale, fresh) == (2.0, 100.0), (stale, fresh)
    return {"captured": stale, "as an argument": fresh}
