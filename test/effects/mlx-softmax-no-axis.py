"""Without an axis the whole array sums to 1, and each of its two rows to a half."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    whole, rows = (run(source)["probabilities"].sum(axis=-1).tolist() for source in (bad, good))
    assert whole == [0.5, 0.5], whole
    assert rows == [1.0, 1.0], rows
    return {"sum of a row without axis": whole[0], "with axis": rows[0]}
