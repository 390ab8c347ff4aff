"""Lazy inputs are computed inside the window: three arrays are made there instead of one."""

from example import window


def check(bad: str, good: str) -> dict[str, float]:
    size = "(512, 512)"
    lazy = window(bad.replace("(4096, 4096)", size)).memory
    evaluated = window(good.replace("(4096, 4096)", size)).memory
    array = 512 * 512 * 4
    assert array <= evaluated < 1.5 * array, evaluated
    assert lazy >= 2.9 * array, lazy
    return {"arrays made with lazy inputs": lazy / array, "arrays made with evaluated": evaluated / array}
