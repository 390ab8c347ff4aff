"""Without mx.eval the timed window computes nothing: no array takes memory in it."""

from example import window


def check(bad: str, good: str) -> dict[str, float]:
    size = "(512, 512)"
    without = window(bad.replace("(4096, 4096)", size)).memory
    with_eval = window(good.replace("(4096, 4096)", size)).memory
    result = 512 * 512 * 4
    assert without < result / 100, without
    assert with_eval >= result, with_eval
    return {"bytes computed without eval": without, "bytes computed with eval": with_eval}
