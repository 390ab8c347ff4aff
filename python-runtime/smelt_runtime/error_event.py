"""An exception as the editor shows it: plain text, and the frames of user code."""

from __future__ import annotations

import sys

# By name: a cell may replace what the module holds.
from traceback import extract_tb, format_exception
from typing import TYPE_CHECKING, Any

from smelt_runtime.rich_display import LONGEST_TEXT

if TYPE_CHECKING:
    from types import TracebackType


def error_event(cell: int, error: BaseException, filename: str) -> dict[str, Any]:
    """The `error` event of a cell of `filename`."""
    inner = _user_traceback(_traceback_of(error), filename)
    try:
        text = "".join(format_exception(type(error), error, inner))
    except BaseException as failure:
        text = f"{_name(error)} (its text could not be made: {_name(failure)})\n"
    frames = [
        {"filename": frame.filename, "line": (frame.lineno or 1) - 1, "name": frame.name}
        for frame in extract_tb(inner)
    ]
    if _is(error, SyntaxError) and error.filename and error.lineno:
        frames.append({"filename": error.filename, "line": error.lineno - 1, "name": "<module>"})
    name, value = _cut(_name(error)), _cut(_text(error))
    explanation, rule = _explained(f"{name}: {value}")
    explanation = explanation or _missing_module(error)
    return {
        "type": "error",
        "id": cell,
        "ename": name,
        "evalue": value,
        "traceback": _cut(text),
        "frames": frames,
        "explanation": explanation,
        "rule": rule,
    }


def _explained(text: str) -> tuple[str | None, str | None]:
    """What a known error means; the table is loaded with the first error."""
    try:
        from smelt_runtime.known_errors import explain
    except Exception:
        # No descriptor may be left: the error itself is more important.
        return None, None
    return explain(text)


def _missing_module(error: BaseException) -> str | None:
    """Which Python has no such package: most often it is another than the one that was meant."""
    try:
        name = error.name if _is(error, ModuleNotFoundError) else None
        if not name or "." in name:
            return None
    except BaseException:
        # One that the user's code has made.
        return None
    return (
        f"{sys.executable} runs the cells and has no {name}. "
        "Install it there, or choose another Python with Smelt: Select Interpreter."
    )


# These ask Python and not the error, which may answer with another error.
_name_of_type = type.__dict__["__name__"].__get__
_traceback_of = BaseException.__dict__["__traceback__"].__get__


def _name(error: BaseException) -> str:
    return str(_name_of_type(type(error)))


def _is(error: BaseException, kind: type[BaseException]) -> bool:
    return issubclass(type(error), kind)


def _cut(text: str) -> str:
    """Where it begins and where it ends: what stands in between can be a whole data set."""
    left_out = len(text) - LONGEST_TEXT
    if left_out <= 0:
        return text
    half = LONGEST_TEXT // 2
    return f"{text[:half]}\n… ({left_out} characters) …\n{text[-half:]}"


def _text(error: BaseException) -> str:
    if _is(error, SystemExit):
        return f"sys.exit({error.code!r}) was called; the kernel goes on"
    try:
        # Its str() adds the place, which is told beside.
        return str(error.msg) if _is(error, SyntaxError) else str(error)
    except BaseException:
        return ""


def _user_traceback(tb: TracebackType | None, filename: str) -> TracebackType | None:
    """From the cell's own frame on; None when the error came before its code ran."""
    while tb is not None and tb.tb_frame.f_code.co_filename != filename:
        tb = tb.tb_next
    return tb
