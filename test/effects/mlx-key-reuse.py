"""Two draws with one key are equal, with split keys they are not."""

import mlx.core as mx

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    def difference(source: str) -> float:
        scope = run(source)
        return mx.abs(scope["a"] - scope["b"]).max().item()

    same, other = difference(bad), difference(good)
    assert same == 0.0, same
    assert other > 0.1, other
    return {"largest difference with one key": same, "with two": other}
