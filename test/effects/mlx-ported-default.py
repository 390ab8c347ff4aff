"""The standard deviation differs from PyTorch's until ddof says so."""

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    def difference(source: str) -> float:
        scope = run(source)
        return abs(scope["theirs"].item() - scope["ours"].item())

    ported, told = difference(bad), difference(good)
    assert ported > 0.2, ported
    assert told < 1e-6, told
    return {"difference": ported, "with ddof=1": told}
