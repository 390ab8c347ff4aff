"""Each of the three calls raises TypeError by itself."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    lines = bad.splitlines()
    imports = [line for line in lines if line.startswith("import") or line.startswith("x =")]
    calls = [line for line in lines if line.startswith(("total", "zeros", "layer"))]
    errors = [error_of("\n".join([*imports, call])) for call in calls]
    assert len(errors) == 3 and all(error.startswith("TypeError") for error in errors), errors
    assert run(good)["total"].tolist() == [2, 2, 2]
    return {"calls that raise TypeError": len(errors)}
