"""Which statement each line of a text belongs to, and which names it mentions."""

from __future__ import annotations

import ast
from typing import NamedTuple


class Statement(NamedTuple):
    """Lines are 0-based in the file. Of a compound statement the header: its body has its own."""

    line: int
    end_line: int
    names: tuple[str, ...]
    """Names that it mentions, in the order of the text."""


def statements_by_line(code: str, first: int) -> dict[int, Statement]:
    """Every line of a statement, by its number in the file. Text that cannot be read has none."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[int, Statement] = {}
    # Outer statements come first, so that inner ones take their lines from them.
    for node in ast.walk(tree):
        if not isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            continue
        statement = _statement(node, first)
        for line in range(statement.line, statement.end_line + 1):
            found[line] = statement
    return found


def _statement(node: ast.AST, first: int) -> Statement:
    begin = _first_line(node)
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if body is None:
        end = getattr(node, "end_lineno", None) or begin
        parts = [node]
    else:
        # A body on the line of its header is one with it.
        end = max(begin, _first_line(body[0]) - 1)
        parts = _header(node)
    names = dict.fromkeys(each.id for part in parts for each in ast.walk(part) if isinstance(each, ast.Name))
    return Statement(begin - 1 + first, end - 1 + first, tuple(names))


def _header(node: ast.AST) -> list[ast.AST]:
    """The parts of a compound statement that run before its body."""
    parts: list[ast.AST] = []
    for name in ("target", "iter", "test", "items", "subject", "decorator_list", "type", "bases"):
        value = getattr(node, name, None)
        parts.extend(value if isinstance(value, list) else [value] if isinstance(value, ast.AST) else [])
    return parts


def _first_line(node: ast.AST) -> int:
    """Of the node, its decorators included."""
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    own = getattr(node, "lineno", 1)
    return min((each.lineno for each in getattr(node, "decorator_list", [])), default=own)
