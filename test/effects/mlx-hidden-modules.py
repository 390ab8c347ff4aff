"""The hidden modules are missing from parameters()."""

from mlx.utils import tree_flatten

from example import run


def check(bad: str, good: str) -> dict[str, float]:
    def count(source: str) -> int:
        return len(tree_flatten(run(source)["Model"]().parameters()))

    hidden, found = count(bad), count(good)
    assert hidden == 0, hidden
    assert found == 6, found
    return {"parameter arrays": hidden, "in public names and lists": found}
