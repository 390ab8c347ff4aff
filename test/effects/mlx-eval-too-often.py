"""One evaluation per element costs many times what one for all does."""

import time

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    def cpu(source: str) -> float:
        start = time.process_time()
        run(source)
        return time.process_time() - start

    cpu(good)
    one_by_one, together = cpu(bad), cpu(good)
    assert one_by_one > 3 * together, (one_by_one, together)
    return {"work one by one over work of one tolist": one_by_one / together}
