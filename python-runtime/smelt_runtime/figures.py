"""matplotlib figures of a cell, for interpreters without IPython."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def take_figures() -> Iterator[dict[str, Any]]:
    """Each open pyplot figure as a MIME bundle; they are closed afterwards."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    from smelt_runtime.rich_display import encode_bundle

    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight")
        yield encode_bundle({"image/png": picture.getvalue(), "text/plain": repr(figure)})
    pyplot.close("all")
