"""mx.eval(optimizer) computes nothing; mx.eval(weights, optimizer.state) does."""

from example import computed_by


def check(bad: str, good: str) -> dict[str, float]:
    array = 512 * 512 * 4
    ignored = computed_by(bad)
    evaluated = computed_by(good)
    assert ignored < array / 2, ignored
    assert evaluated > array / 2, evaluated
    return {"bytes computed by mx.eval(optimizer)": ignored, "by mx.eval(weights, …)": evaluated}
