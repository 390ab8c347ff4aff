"""Reading by a mask raises; choosing with mx.where gives the sum of the positive elements."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert error.startswith("ValueError: boolean indices"), error
    total = run(good)["total"].item()
    assert total == 4.0, total
    return {"sum with mx.where": total}
