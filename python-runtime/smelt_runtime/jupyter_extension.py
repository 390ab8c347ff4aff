"""`%load_ext smelt_runtime`: the report after each cell of any IPython kernel.

The report is a display of its own MIME type with a line of text beside it, so that every front end
shows something. Cells that touch neither torch nor MLX show nothing. The time runs from
IPython's pre_run_cell to its post_run_cell: it includes the text of the cell's result.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from smelt_runtime.measure import Measurement
from smelt_runtime.outcome import NO_RESULT, Outcome
from smelt_runtime.report_text import report_text

if TYPE_CHECKING:
    from types import CodeType

MIME = "application/vnd.smelt.report+json"


class JupyterExtension:
    """One shell's measurement."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._measurement = Measurement(shell.user_ns)
        self._code = ""
        self._depth = 0

    def register(self) -> None:
        """Measure from the next cell on."""
        self._shell.events.register("pre_run_cell", self.begin)
        self._shell.events.register("post_run_cell", self.end)

    def unregister(self) -> None:
        """Measure no more."""
        self._shell.events.unregister("pre_run_cell", self.begin)
        self._shell.events.unregister("post_run_cell", self.end)

    def begin(self, info: Any) -> None:
        """A cell begins. Cells inside cells (%%capture) are part of theirs."""
        self._depth += 1
        if self._depth > 1:
            return
        self._code = str(info.raw_cell)
        self._measurement.reset(self._code)
        self._measurement.begin()

    def end(self, result: Any) -> None:
        """A cell has ended: wait for the devices, and show what it did."""
        if self._depth == 0:
            # The cell that has loaded the extension.
            return
        self._depth -= 1
        if self._depth:
            return
        self._measurement.returned()
        value = result.result
        outcome = Outcome(NO_RESULT if value is None else value, self._codes())
        outcome.error = result.error_before_exec or result.error_in_exec
        failure = self._measurement.settle(outcome)
        interrupted = isinstance(result.error_in_exec, KeyboardInterrupt)
        report = self._measurement.report(interrupted=interrupted)
        if report["device"] is not None or report["fallbacks"]:
            self._shell.display_pub.publish({MIME: report, "text/plain": report_text(report)})
        if failure is not None:
            raise failure

    def _codes(self) -> list[CodeType]:
        """The cell's code, as IPython has run it; none when it could not be compiled."""
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            return [compile(self._shell.transform_cell(self._code), "<cell>", "exec", flags, True)]
        except Exception:
            return []


def load(shell: Any) -> None:
    """For IPython, through load_ipython_extension of the package."""
    if getattr(shell, "smelt_extension", None) is None:
        shell.smelt_extension = JupyterExtension(shell)
        shell.smelt_extension.register()


def unload(shell: Any) -> None:
    """For IPython, through unload_ipython_extension of the package."""
    extension = getattr(shell, "smelt_extension", None)
    if extension is not None:
        extension.unregister()
        shell.smelt_extension = None
