"""Compiling in the loop traces in each round; compiling before it traces once."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    inside, before = run(bad)["traces"], run(good)["traces"]
    assert (inside, before) == (4, 1), (inside, before)
    return {"traces in the loop": inside, "traces before it": before}
