"""The element that the index names three times is counted once."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    once, all_of_them = (run(source)["counts"].tolist() for source in (bad, good))
    assert once == [1, 0, 1, 0], once
    assert all_of_them == [1, 0, 3, 0], all_of_them
    return {"counted with +=": once[2], "counted with .at": all_of_them[2]}
