"""mx.synchronize() alone computes nothing: no array takes memory."""

from example import window


def check(bad: str, good: str) -> dict[str, float]:
    size = "(512, 512)"
    synchronised = window(bad.replace("(4096, 4096)", size)).memory
    evaluated = window(good.replace("(4096, 4096)", size)).memory
    result = 512 * 512 * 4
    assert synchronised < result / 100, synchronised
    assert evaluated >= result, evaluated
    return {"bytes computed by synchronize": synchronised, "bytes computed by eval": evaluated}
