"""NumPy refuses bfloat16 and takes float32."""

from example import error_of, run


def check(bad: str, good: str) -> dict[str, float]:
    error = error_of(bad)
    assert error.startswith(("ValueError", "TypeError")), error
    assert "bfloat16" in error or "PEP 3118" in error, error
    host = run(good)["host"]
    assert host.dtype == "float32", host.dtype
    return {"elements read as float32": host.size}
