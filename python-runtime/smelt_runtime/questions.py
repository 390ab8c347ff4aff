"""Answers to what the editor asks between cells (question_messages.py)."""

from __future__ import annotations

from typing import Any


def answer(request: dict[str, Any], shell: Any) -> dict[str, Any] | None:
    """The event that answers, without mark; None when it is no question."""
    make = ANSWERS.get(str(request.get("type")))
    return None if make is None else {"id": int(request["id"]), **make(request, shell)}


def _complete(request: dict[str, Any], shell: Any) -> dict[str, Any]:
    from smelt_runtime.completion import index_to_utf16, utf16_to_index

    code = str(request["code"])
    cursor = utf16_to_index(code, int(request["cursor"]))
    start, end, items = shell.complete(code, cursor)
    return {
        "type": "completions",
        "start": index_to_utf16(code, start),
        "end": index_to_utf16(code, end),
        "items": items,
    }


def _inspect(request: dict[str, Any], shell: Any) -> dict[str, Any]:
    from smelt_runtime.completion import inspect_name, utf16_to_index

    code = str(request["code"])
    cursor = utf16_to_index(code, int(request["cursor"]))
    return {"type": "inspection", "data": inspect_name(shell.namespace, code, cursor)}


def _variables(request: dict[str, Any], shell: Any) -> dict[str, Any]:
    from smelt_runtime.variables import variables

    path = [str(key) for key in request.get("path", [])]
    try:
        found, left_out = variables(shell.namespace, path)
    except LookupError:
        # It is gone since the editor has seen it.
        found, left_out = [], 0
    return {"type": "variables", "path": path, "variables": found, "left_out": left_out}


def _examine(request: dict[str, Any], shell: Any) -> dict[str, Any]:
    from smelt_runtime.examine import examine
    from smelt_runtime.variables import value_at

    path = [str(key) for key in request["path"]]
    try:
        value = value_at(shell.namespace, path)
    except (LookupError, IndexError):
        value = None
    return {"type": "examined", "path": path, **examine(value)}


ANSWERS = {
    "complete": _complete,
    "inspect": _inspect,
    "variables": _variables,
    "examine": _examine,
}
