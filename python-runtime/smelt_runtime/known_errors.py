"""Known error texts and what they mean on a Mac: known_errors.json, which the editor reads as well.

Each row has `pattern` (a regular expression for Python and JavaScript alike, searched in
`Name: message` or in what a dead kernel wrote), `explanation` (with `{1}` for a group), `rule` (the
code whose fix applies, or null) and `source`. The first row that matches counts.
"""

from __future__ import annotations

import json
import os
import re

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known_errors.json")

with open(TABLE, encoding="utf-8") as file:
    ROWS = json.load(file)


def explain(text: str) -> tuple[str | None, str | None]:
    """(explanation, rule) of an error's text; (None, None) when it is not known."""
    for row in ROWS:
        found = re.search(row["pattern"], text)
        if found is not None:
            explanation = row["explanation"]
            for number, group in enumerate(found.groups(), 1):
                explanation = explanation.replace(f"{{{number}}}", group or "")
            return explanation, row["rule"]
    return None, None
