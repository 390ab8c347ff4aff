"""Without an evaluation the loop computes nothing, and the end pays for all rounds at once."""

import time

import mlx.core as mx
from example import run


def check(bad: str, good: str) -> dict[str, float]:
    def shares(source: str) -> float:
        start = time.process_time()
        scope = run(source)
        loop = time.process_time() - start
        start = time.process_time()
        mx.eval(scope["model"].parameters())
        return (time.process_time() - start) / loop

    lazy_rest, evaluated_rest = shares(bad), shares(good)
    assert lazy_rest > 1 > evaluated_rest, (lazy_rest, evaluated_rest)
    return {
        "work left after the lazy loop over the loop's own": lazy_rest,
        "the same with mx.eval in each round": evaluated_rest,
    }
