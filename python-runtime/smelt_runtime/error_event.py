"""An exception as the editor shows it: plain text, and the frames of user code."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from smelt_runtime.known_errors import explain

if TYPE_CHECKING:
    from types import TracebackType


def error_event(cell: int, error: BaseException, filename: str) -> dict[str, Any]:
    """The `error` event of a cell of `filename`."""
    error = _public(error)
    inner = _user_traceback(error.__traceback__, filename)
    try:
        text = "".join(traceback.format_exception(type(error), error, inner))
    except BaseException as failure:
        text = f"{type(error).__name__} (its text could not be made: {type(failure).__name__})\n"
    frames = [
        {"filename": frame.filename, "line": (frame.lineno or 1) - 1, "name": frame.name}
        for frame in traceback.extract_tb(inner)
    ]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        frames.append({"filename": error.filename, "line": error.lineno - 1, "name": "<module>"})
    name, value = type(error).__name__, _text(error)
    explanation, rule = explain(f"{name}: {value}")
    return {
        "type": "error",
        "id": cell,
        "ename": name,
        "evalue": value,
        "traceback": text,
        "frames": frames,
        "explanation": explanation,
        "rule": rule,
    }


def _public(error: BaseException) -> BaseException:
    """Python 3.13 has a SyntaxError of its own for input that may go on; people know the public one."""
    if type(error).__name__ != "_IncompleteInputError":
        return error
    known = SyntaxError(*error.args)
    for name in ("filename", "lineno", "offset", "text", "end_lineno", "end_offset"):
        setattr(known, name, getattr(error, name))
    return known


def _text(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"sys.exit({error.code!r}) was called; the kernel goes on"
    try:
        return str(error)
    except BaseException:
        return ""


def _user_traceback(tb: TracebackType | None, filename: str) -> TracebackType | None:
    """From the cell's own frame on; None when the error came before its code ran."""
    while tb is not None and tb.tb_frame.f_code.co_filename != filename:
        tb = tb.tb_next
    return tb
