"""The compiled step without outputs= has the same loss in every call; with it the loss falls."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    constant = run(bad)["losses"]
    falling = run(good)["losses"]
    assert len(set(constant)) == 1, constant
    assert falling[-1] < falling[0] / 3, falling
    return {
        "last loss over first without outputs": constant[-1] / constant[0],
        "last loss over first with outputs": falling[-1] / falling[0],
    }
