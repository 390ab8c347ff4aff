"""A cell shell on IPython's InteractiveShell: magics, history, completion of the environment."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

from smelt_runtime.outcome import NO_RESULT, Outcome
from smelt_runtime.rich_display import encode_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from smelt_runtime.source_lines import SourceLines


class CellCompiler(CachingCompiler):
    """Compiles cells under the name and at the line of the file that they stand in."""

    filename = ""
    line = 0

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """The file of a cell; IPython's own name for other code."""
        if not self.filename:
            return super().cache(transformed_code, number, raw_code)
        return self.filename

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        """Parse, with line numbers of the file."""
        if filename != self.filename:
            return super().ast_parse(source, filename, symbol)
        try:
            tree = super().ast_parse(source, filename, symbol)
        except SyntaxError as error:
            if error.lineno is not None:
                error.lineno += self.line
            raise
        return ast.increment_lineno(tree, self.line)


class CapturingDisplayHook(DisplayHook):
    """Keeps the last value instead of printing it: it is formatted after the clock has stopped."""

    captured: Any = NO_RESULT

    def __call__(self, result: Any = None) -> None:
        self.captured = NO_RESULT if self.quiet() else result
        if result is not None and not self.quiet():
            self.update_user_ns(result)
            self.fill_exec_result(result)


class EventDisplayPublisher(DisplayPublisher):
    """display(), update_display() and clear_output() become events."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **_other) -> None:  # noqa: ANN001, ANN003
        SmeltShell.on_display(
            encode_bundle(data), metadata or {}, (transient or {}).get("display_id"), update
        )

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        SmeltShell.on_clear(wait)


class SmeltShell(InteractiveShell):
    """InteractiveShell that prints no tracebacks of its own and times what it runs."""

    compiler_class = Type(CellCompiler)
    displayhook_class = Type(CapturingDisplayHook)
    display_pub_class = Type(EventDisplayPublisher)
    on_display: Callable[..., None] = staticmethod(lambda *_: None)
    on_clear: Callable[[bool], None] = staticmethod(lambda *_: None)
    cell_names: set[str] = set()

    def showtraceback(self, *_args: Any, **_options: Any) -> None:
        """The kernel sends errors as events."""

    def showsyntaxerror(self, *_args: Any, **_options: Any) -> None:
        """The kernel sends errors as events."""

    def init_io(self) -> None:
        """Streams are the kernel's."""

    def enable_gui(self, gui: str | None = None) -> None:
        """No event loops: figures are inline."""

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> Any:
        SmeltShell.cell_names.update(code_obj.co_names)
        return await super().run_code(code_obj, result, async_=async_)


class IPythonShell:
    """The kernel's view of IPython."""

    name = "ipython"

    def __init__(
        self,
        namespace: dict[str, Any],
        sources: SourceLines,
        on_display: Callable[..., None],
        on_clear: Callable[[bool], None],
    ) -> None:
        SmeltShell.on_display = staticmethod(on_display)
        SmeltShell.on_clear = staticmethod(on_clear)
        self._sources = sources
        self._shell = SmeltShell.instance(user_ns=namespace, colors="nocolor") if _has_nocolor() else (
            SmeltShell.instance(user_ns=namespace, colors="NoColor")
        )
        self._shell.history_manager.enabled = False
        self.namespace = self._shell.user_ns

    @property
    def execution_count(self) -> int:
        """Number of the cell that runs or ran last."""
        return self._shell.execution_count - 1

    def run(
        self, code: str, filename: str, line: int, measured: Callable[[Callable[[], None]], None]
    ) -> Outcome:
        """Run a cell; `measured` calls what it is given and times it."""
        shell = self._shell
        self._sources.add(filename, line, code)
        shell.compile.filename = filename
        shell.compile.line = line
        shell.displayhook.captured = NO_RESULT
        SmeltShell.cell_names = set()
        outcome = Outcome()

        def execute() -> None:
            try:
                done = shell.run_cell(code, store_history=True)
            except BaseException as error:  # noqa: BLE001 - whatever a cell raises is shown
                outcome.error = error
            else:
                outcome.error = done.error_before_exec or done.error_in_exec

        measured(execute)
        shell.compile.filename = ""
        outcome.names = SmeltShell.cell_names
        if outcome.error is None:
            outcome.result = shell.displayhook.captured
        return outcome

    def mime_bundle(self, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """MIME types of a value by IPython's formatters."""
        data, metadata = self._shell.display_formatter.format(value)
        return encode_bundle(data), metadata


def _has_nocolor() -> bool:
    """IPython 9 spells the theme in lower case."""
    version = sys.modules["IPython"].version_info
    return version[0] >= 9  # noqa: PLR2004
