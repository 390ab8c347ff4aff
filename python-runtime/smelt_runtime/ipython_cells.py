"""Cells of plain Python on IPython's shell: the steps of run_cell that can matter to them."""

from __future__ import annotations

import bdb  # noqa: F401 - IPython would import it while the first cell is timed
import re
from inspect import signature
from typing import TYPE_CHECKING, Any

from IPython import version_info
from IPython.core.autocall import IPyAutocall
from IPython.core.error import InputRejected
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell
from IPython.core.macro import Macro

if TYPE_CHECKING:
    import ast

STEPS = frozenset(("run_cell", "_run_cell", "run_cell_async", "transform_cell"))
"""Methods that are not called here. An extension that replaces one of them gets IPython's own way."""

COUNTS_FIRST = version_info >= (9, 10)
"""Older ones count a cell when it is over."""
TELLS_TEXT = "transformed_cell" in signature(ExecutionInfo).parameters
MAKES_LOGGER = hasattr(InteractiveShell, "_logger")
TELLS_ID = "cell_id" in signature(ExecutionInfo).parameters

FIRST_WORD = re.compile(r"\s*([A-Za-z_]\w*)")


class CellHistory(HistoryManager):
    """The texts of the cells in In and _i; nothing waits for a database, which we do not have."""

    _i = _ii = _iii = _i00 = ""

    def _get_hist_file_name(self, profile: str | None = None) -> str:  # noqa: ARG002 - IPython's signature
        """No file; looking for its folder would make the profile's."""
        return ":memory:"

    def store_inputs(self, line_num: int, source: str, source_raw: str | None = None) -> None:
        """Add a cell. Only its result is as IPython's: the attributes above are no traits here."""
        source = source.rstrip("\n")
        raw = source if source_raw is None else source_raw.rstrip("\n")
        if self._exit_re.match(raw.strip()):
            return
        self.input_hist_parsed.append(source)
        self.input_hist_raw.append(raw)
        self._iii, self._ii, self._i, self._i00 = self._ii, self._i, self._i00, raw
        names = {"_i": self._i, "_ii": self._ii, "_iii": self._iii, f"_i{line_num}": raw}
        self.shell.push(names, interactive=False)


class PlainCells:
    """Runs cells that no transformer of IPython changes and that need no event loop."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._cleanup = list(shell.input_transformers_cleanup)

    def parse(self, code: str) -> ast.Module | None:
        """The tree of a plain cell; None when IPython must look at it."""
        shell = self._shell
        if not self._is_usual(code) or ("\n" not in code.strip() and self._is_command(code)):
            return None
        try:
            return shell.compile.ast_parse(code, shell.compile.filename)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return None

    def _is_usual(self, code: str) -> bool:
        """Is nothing in the way that would change the cell's text or how it runs?"""
        shell = self._shell
        return (
            code.strip() != ""
            # IPython finds out whether they need an event loop.
            and "await" not in code
            and "async" not in code
            and not shell.input_transformers_post
            and shell.input_transformers_cleanup == self._cleanup
            and not shell.custom_exceptions
            and vars(shell).keys().isdisjoint(STEPS)
        )

    def _is_command(self, line: str) -> bool:
        """`ls -l` is Python as well as a magic; a macro's name runs it."""
        word = FIRST_WORD.match(line)
        if word is None:
            return False
        shell = self._shell
        # isinstance() would ask the value for its class, which it may compute.
        kind = type(shell.user_ns.get(word[1]))
        return issubclass(kind, (Macro, IPyAutocall)) or (
            shell.find_line_magic(word[1]) is not None or shell.autocall > 0
        )

    def run(self, code: str, tree: ast.Module) -> ExecutionResult:
        """The steps of run_cell and run_cell_async after the transformers."""
        shell = self._shell
        info = ExecutionInfo(code, True, False, True, *([None] if TELLS_ID else []))
        if TELLS_TEXT:
            info.transformed_cell = code
        result = ExecutionResult(info)
        number = result.execution_count = shell.execution_count
        # True counts as one.
        shell.execution_count += COUNTS_FIRST
        trigger = shell.events.trigger
        try:
            trigger("pre_execute")
            trigger("pre_run_cell", info)
            shell.history_manager.store_inputs(number, code, code)
            # Newer ones make the logger when %logstart does: what is not there logs nothing.
            if not MAKES_LOGGER or shell._logger is not None:  # noqa: SLF001 - the property would make it
                shell.logger.log(code, code)
            with shell.builtin_trap, shell.display_trap:
                raised = self._execute(tree, result)
            shell.last_execution_succeeded = not raised
            shell.last_execution_result = result
        finally:
            shell.execution_count += not COUNTS_FIRST
            trigger("post_execute")
            trigger("post_run_cell", result)
        return result

    def _execute(self, tree: ast.Module, result: ExecutionResult) -> bool:
        shell = self._shell
        if shell.ast_transformers:
            try:
                tree = shell.transform_ast(tree)
            except InputRejected as error:
                result.error_before_exec = error
                return True
        shell.displayhook.exec_result = result
        # A coroutine that waits for nothing: there is no `await` in the cell.
        running: Any = shell.run_ast_nodes(
            tree.body, shell.compile.filename, shell.ast_node_interactivity, shell.compile, result
        )
        try:
            running.send(None)
        except StopIteration as stop:
            return bool(stop.value)
        finally:
            shell.displayhook.exec_result = None
        return True
