"""A lazy array of another thread raises in this one; an evaluated one does not."""

import threading

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    errors: list[str] = []
    hook = threading.excepthook
    threading.excepthook = lambda failed: errors.append(str(failed.exc_value))
    try:
        lazy = run(bad)["results"]
    finally:
        threading.excepthook = hook
    evaluated = run(good)["results"]
    assert lazy == [] and len(errors) == 1 and "in current thread" in errors[0], (lazy, errors)
    assert evaluated == [6.0], evaluated
    return {"threads that raise": len(errors), "sum of the evaluated array": evaluated[0]}
