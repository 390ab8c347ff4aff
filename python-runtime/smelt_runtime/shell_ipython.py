"""A cell shell on IPython's InteractiveShell: magics, history, completion of the environment."""

from __future__ import annotations

import ast
import inspect
import re
import warnings
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from IPython import version_info
from IPython.core.compilerop import CachingCompiler
from IPython.core.completer import provisionalcompleter
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from smelt_runtime.code_names import names_in
from smelt_runtime.completion import MOST
from smelt_runtime.outcome import NO_RESULT, Outcome
from smelt_runtime.rich_display import encode_bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from smelt_runtime.source_lines import SourceLines


MOST_INPUTS = 1_000
"""Cells whose text In, _i and %history know."""


TEXT_ONLY = (int, float, complex, bool, str, bytes, list, tuple, dict, set)
FIRST_WORD = re.compile(r"\s*([A-Za-z_]\w*)")


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
        self.captured = result

    def settle(self) -> None:
        """Bind `_` and `Out`, unless there is no value or the cell ends in a semicolon."""
        if self.captured is NO_RESULT or self.captured is None:
            return
        if self.quiet():
            self.captured = NO_RESULT
            return
        self.update_user_ns(self.captured)


class EventDisplayPublisher(DisplayPublisher):
    """display(), update_display() and clear_output() become events."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **_other) -> None:  # noqa: ANN001, ANN003 - IPython's signature
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
    cell_names: ClassVar[set[str]] = set()
    measured: Callable[[], AbstractContextManager[None]] = staticmethod(nullcontext)

    def showtraceback(self, *_args: Any, **_options: Any) -> None:
        """The kernel sends errors as events."""

    def showsyntaxerror(self, *_args: Any, **_options: Any) -> None:
        """The kernel sends errors as events."""

    def _format_exception_for_storage(self, *_args: Any, **_options: Any) -> dict[str, Any]:
        """IPython 9 keeps errors as text; making it runs code of the user's exception."""
        return {}

    def init_io(self) -> None:
        """Streams are the kernel's."""

    def enable_gui(self, gui: str | None = None) -> None:
        """No event loops: figures are inline."""

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: Any = None,
    ) -> Any:
        """Compile the whole cell, then time what it does; once, if cells nest (%%capture)."""
        measured, SmeltShell.measured = SmeltShell.measured, staticmethod(nullcontext)
        if interactivity != "last_expr" or not nodelist:
            with measured():
                return await super().run_ast_nodes(nodelist, cell_name, interactivity, compiler, result)
        try:
            units = self._compile(nodelist, cell_name, compiler)
        except Exception as error:
            if result is not None:
                result.error_before_exec = error
            return True
        with measured():
            for unit in units:
                coroutine = bool(unit.co_flags & inspect.CO_COROUTINE)
                if await self.run_code(unit, result, async_=coroutine):
                    return True
        return False

    def _compile(self, nodes: list[ast.stmt], name: str, compiler: Any) -> list[Any]:
        """The statements, and a last expression that shows its value."""
        shows = isinstance(nodes[-1], ast.Expr)
        body, last = (nodes[:-1], nodes[-1:]) if shows else (nodes, [])
        units = []
        with compiler.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if self.autoawait else 0):
            if body:
                units.append(compiler(ast.Module(body, []), name, "exec"))
            if last:
                units.append(compiler(ast.Interactive(last), name, "single"))
        return units

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> Any:
        SmeltShell.cell_names.update(names_in(code_obj))
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
        # IPython 9 spells its themes in lower case and warns about others.
        plain = "nocolor" if version_info[0] >= 9 else "NoColor"
        # No database of the user's is opened, and no thread started that would write to it.
        settings = Config({"HistoryAccessor": {"enabled": False}, "HistoryManager": {"enabled": False}})
        self._shell = SmeltShell.instance(user_ns=namespace, colors=plain, config=settings)
        # sys.exit() in a cell: there is no prompt to leave.
        warnings.filterwarnings("ignore", message="To exit: use 'exit'")
        self._cleanup = list(self._shell.input_transformers_cleanup)
        self.namespace = self._shell.user_ns

    @property
    def execution_count(self) -> int:
        """Number of the cell that runs or ran last."""
        return self._shell.execution_count - 1

    def run(
        self,
        code: str,
        filename: str,
        line: int,
        measured: Callable[[], AbstractContextManager[None]],
    ) -> Outcome:
        """Run a cell; its own code runs inside `measured()`."""
        shell = self._shell
        if "In" not in shell.user_ns:
            # A cell has cleared its globals.
            shell.user_ns.setdefault("__name__", "__main__")
            shell.init_user_ns()
        self._sources.add(filename, line, code)
        self._forget(shell.execution_count - MOST_INPUTS)
        shell.compile.filename = filename
        shell.compile.line = line
        shell.displayhook.captured = NO_RESULT
        SmeltShell.cell_names = set()
        SmeltShell.measured = staticmethod(measured)
        outcome = Outcome()
        try:
            done = self._run_plain(code) if self._is_plain(code) else shell.run_cell(code, store_history=True)
        except BaseException as error:
            outcome.error = error
        else:
            outcome.error = done.error_before_exec or done.error_in_exec
        shell.compile.filename = ""
        outcome.names = SmeltShell.cell_names
        if outcome.error is None:
            shell.displayhook.settle()
            outcome.result = shell.displayhook.captured
        return outcome

    def _is_plain(self, code: str) -> bool:
        """Is this Python that no transformer of IPython changes? Then there is no need to ask them all."""
        shell = self._shell
        if "await" in code or "async" in code:
            # IPython finds out whether they need an event loop.
            return False
        if shell.input_transformers_post or shell.input_transformers_cleanup != self._cleanup:
            return False
        if "\n" not in code.strip():
            # `ls -l` is Python as well as a magic.
            word = FIRST_WORD.match(code)
            if word is not None and shell.find_line_magic(word[1]) is not None:
                return False
        try:
            compile(code, "<cell>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return False
        return True

    def _run_plain(self, code: str) -> Any:
        """What InteractiveShell.run_cell does after the transformers."""
        shell = self._shell
        running = shell.run_cell_async(code, store_history=True, transformed_cell=code)
        done = None
        try:
            running.send(None)
        except StopIteration as stop:
            done = stop.value
        finally:
            shell.events.trigger("post_execute")
            if done is not None:
                shell.events.trigger("post_run_cell", done)
        return done

    def _forget(self, number: int) -> None:
        """IPython keeps the text of every cell, three times; a kernel that runs for days does not."""
        history = self._shell.history_manager
        # Waits to be written to a database that we do not use.
        history.db_input_cache.clear()
        if number <= 0:
            return
        # IPython 9 keeps what was shown as well.
        getattr(history, "outputs", {}).pop(number, None)
        getattr(history, "exceptions", {}).pop(number, None)
        for texts in (history.input_hist_parsed, history.input_hist_raw):
            if number < len(texts):
                texts[number] = ""
        self._shell.user_ns.pop(f"_i{number}", None)

    def complete(self, code: str, cursor: int) -> tuple[int, int, list[dict[str, str]]]:
        """(start, end, Completions) at an index of the code, by IPython's completer and jedi."""
        with provisionalcompleter():
            found = list(islice(self._shell.Completer.completions(code, cursor), MOST))
        if not found:
            return cursor, cursor, []
        start, end = min(each.start for each in found), max(each.end for each in found)
        items = [
            {
                "text": code[start : each.start] + each.text + code[each.end : end],
                "kind": each.type or "",
                "signature": each.signature or "",
            }
            for each in found
        ]
        return start, end, items

    def mime_bundle(self, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """MIME types of a value by IPython's formatters."""
        formatter = self._shell.display_formatter
        kind = type(value)
        if kind in TEXT_ONLY and not any(
            kind in each.type_printers for mime, each in formatter.formatters.items() if mime != "text/plain"
        ):
            # No other formatter can have anything to say about these: a dozen need not be asked.
            return {"text/plain": formatter.formatters["text/plain"](value)}, {}
        data, metadata = formatter.format(value)
        return encode_bundle(data), metadata
