"""Each of the three lines raises AttributeError by itself."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    lines = bad.splitlines()
    start = [*(line for line in lines if line.startswith("import")), "x = mx.ones((2, 3))"]
    names = [line for line in lines if line.startswith(("x =", "layers", "y ="))]
    errors = [error_of("\n".join([*start, line])) for line in names]
    assert len(errors) == 3 and all(e.startswith("AttributeError") for e in errors), errors
    assert run(good)["y"].shape == (4, 3)
    return {"names that raise AttributeError": len(errors)}
