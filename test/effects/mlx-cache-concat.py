"""Concatenating copies the cache in each round; slice updates write what is new."""

import time

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    def cpu(source: str) -> float:
        start = time.process_time()
        run(source.replace("256", "2048"))
        return time.process_time() - start

    cpu(good), cpu(bad)
    copied, updated = cpu(bad), cpu(good)
    assert copied > 2 * updated, (copied, updated)
    return {"work of concatenating over work of slice updates": copied / updated}
