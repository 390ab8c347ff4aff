"""An exception as the editor shows it: plain text, and the frames of user code."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

KERNEL_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep


def error_event(cell: int, error: BaseException) -> dict[str, Any]:
    """The `error` event of a cell."""
    inner = _user_traceback(error.__traceback__)
    try:
        text = "".join(traceback.format_exception(type(error), error, inner))
    except Exception as failure:  # noqa: BLE001 - __str__ of a user's exception may raise
        text = f"{type(error).__name__} (its text could not be made: {type(failure).__name__})\n"
    frames = [
        {"filename": frame.filename, "line": (frame.lineno or 1) - 1, "name": frame.name}
        for frame in traceback.extract_tb(inner)
    ]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        frames.append({"filename": error.filename, "line": error.lineno - 1, "name": "<module>"})
    return {
        "type": "error",
        "id": cell,
        "ename": type(error).__name__,
        "evalue": _text(error),
        "traceback": text,
        "frames": frames,
    }


def _text(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"sys.exit({error.code!r}) was called; the kernel goes on"
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - user code
        return ""


def _user_traceback(tb: TracebackType | None) -> TracebackType | None:
    """Without the frames of the kernel and of IPython above the cell's first one."""
    first = tb
    while first is not None and _is_ours(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    return first if first is not None else tb


def _is_ours(filename: str) -> bool:
    parts = filename.replace("\\", "/")
    return filename.startswith(KERNEL_FOLDER) or "/IPython/core/" in parts or "/asyncio/" in parts
