"""A cell shell on IPython's InteractiveShell: magics, history, completion of the environment."""

from __future__ import annotations

import ast
import inspect
import re
import warnings
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any

from IPython import version_info
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from IPython.paths import get_ipython_dir
from traitlets import Type, default
from traitlets.config import Config

from smelt_runtime.cell_compiler import CellCompiler
from smelt_runtime.ipython_cells import CellHistory, PlainCells
from smelt_runtime.outcome import NO_RESULT, Outcome
from smelt_runtime.rich_display import encode_bundle, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import CodeType

    from smelt_runtime.source_lines import SourceLines


MOST_INPUTS = 1_000
"""Cells whose text In, _i and %history know."""


UNTIMED = nullcontext()

TIMING = re.compile(r"^[ \t]*%%?(?:time|timeit|prun)\b(?:[ \t]+-\w+(?:[ \t]+\d+)?)*[ \t]*", re.MULTILINE)
"""Magics that run code without the shell, and their options."""

TEXT_ONLY = (int, float, complex, bool, str, bytes, list, tuple, dict, set)


class CapturingDisplayHook(DisplayHook):
    """Keeps the last value instead of printing it: it is formatted after the clock has stopped."""

    captured: Any = NO_RESULT
    number = 0
    # Set twice by every cell: as a trait it would be checked and announced each time.
    exec_result: Any = None

    @property
    def prompt_count(self) -> int:
        """Number of the cell, also after IPython has counted on."""
        return self.number

    def __call__(self, result: Any = None) -> None:
        self.captured = result
        self.fill_exec_result(result)

    def shown(self) -> tuple[Any, Any]:
        """The last value; as second, when the cell ends in a semicolon."""
        if self.captured is not None and self.captured is not NO_RESULT and self.quiet():
            value, self.captured = self.captured, NO_RESULT
            return NO_RESULT, value
        return self.captured, None

    def bind(self) -> None:
        """Set `_` and `Out` to the last value."""
        value, self.captured = self.captured, NO_RESULT
        if value is not None and value is not NO_RESULT:
            self.update_user_ns(value)

    @staticmethod
    def semicolon_at_end_of_expression(expression: str) -> bool:
        """IPython reads all tokens for this."""
        return ";" in expression and DisplayHook.semicolon_at_end_of_expression(expression)


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
    is_made = False
    cell_codes: Any = []  # noqa: RUF012 - replaced by each cell
    measured: AbstractContextManager[None] = UNTIMED
    may_await = True
    # Set by every cell: as traits they would be checked and announced each time.
    execution_count = 1
    last_execution_succeeded = True
    last_execution_result: Any = None
    builtin_trap: Any = None
    display_trap: Any = None
    history_manager: Any = None

    def showtraceback(self, *_args: Any, **_options: Any) -> None:
        """The kernel sends errors as events."""

    def showsyntaxerror(self, *_args: Any, **_options: Any) -> None:
        """The kernel sends errors as events."""

    def _format_exception_for_storage(self, *_args: Any, **_options: Any) -> dict[str, Any]:
        """IPython 9 keeps errors as text; making it runs code of the user's exception."""
        return {}

    def init_io(self) -> None:
        """Streams are the kernel's."""

    def init_history(self) -> None:
        """With the texts of cells alone."""
        self.history_manager = CellHistory(shell=self, parent=self)
        self.configurables.append(self.history_manager)

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        """Found when something asks for it."""
        if ipython_dir is not None:
            self.ipython_dir = ipython_dir

    def init_profile_dir(self, profile_dir: ProfileDir | None) -> None:
        """Made when something asks for it."""
        if profile_dir is not None:
            self.profile_dir = profile_dir

    @default("ipython_dir")
    def _find_ipython_dir(self) -> str:
        return get_ipython_dir()

    @default("profile_dir")
    def _make_profile_dir(self) -> ProfileDir:
        return ProfileDir.create_profile_dir_by_name(self.ipython_dir, "default")

    def init_completer(self) -> None:
        """Made when something asks for it: loading it takes a tenth of what IPython takes."""

    @property
    def configurables(self) -> list[Any]:
        """What %config knows, the completer among them."""
        if self.is_made:
            _ = self.Completer
        return self._configurables

    @configurables.setter
    def configurables(self, found: list[Any]) -> None:
        self._configurables = found

    def __getattr__(self, name: str) -> Any:
        if name != "Completer":
            raise AttributeError(name, name=name, obj=self)
        super().init_completer()
        return self.Completer

    def _tee(self, channel: str) -> AbstractContextManager[None]:  # noqa: ARG002 - IPython's signature
        """IPython 9 keeps what a cell prints; the editor has it."""
        return nullcontext()

    def ask_exit(self) -> None:
        """`exit` and `quit`: there is no prompt to leave."""
        raise SystemExit

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
        measured, self.measured = self.measured, UNTIMED
        if interactivity != "last_expr" or not nodelist:
            with measured:
                return await super().run_ast_nodes(nodelist, cell_name, interactivity, compiler, result)
        try:
            units = self._compile(nodelist, cell_name, compiler)
        except Exception as error:
            if result is not None:
                result.error_before_exec = error
            return True
        with measured:
            for unit in units:
                coroutine = bool(unit.co_flags & inspect.CO_COROUTINE)
                if await self.run_code(unit, result, async_=coroutine):
                    return True
        return False

    def _compile(self, nodes: list[ast.stmt], name: str, compiler: Any) -> list[Any]:
        """The statements, and a last expression that shows its value."""
        shows = isinstance(nodes[-1], ast.Expr)
        body, last = (nodes[:-1], nodes[-1:]) if shows else (nodes, [])
        parts = [(ast.Module(body, []), "exec")] if body else []
        if last:
            parts.append((ast.Interactive(last), "single"))
        # Cells inside of this one may, whatever this one may.
        may_await, self.may_await = self.may_await, True
        if not (may_await and self.autoawait):
            return [compiler(part, name, mode) for part, mode in parts]
        with compiler.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
            return [compiler(part, name, mode) for part, mode in parts]

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> Any:
        # Only kept here, where the clock runs.
        self.cell_codes.append(code_obj)
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
        self._shell.is_made = True
        # For good: whenever the builtins change, Python looks up again where it has found each of them.
        self._shell.builtin_trap.__enter__()
        # sys.exit() in a cell: there is no prompt to leave.
        warnings.filterwarnings("ignore", message="To exit: use 'exit'")
        self._plain = PlainCells(self._shell)
        formatters = self._shell.display_formatter.formatters
        self._printers = {mime: each.type_printers for mime, each in formatters.items()}
        # What IPython prints whole numbers with, unless the user says otherwise.
        self._repr_printer = self._printers["text/plain"].get(int)
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
        measured: AbstractContextManager[None],
    ) -> Outcome:
        """Run a cell; its own code runs inside `measured`."""
        shell = self._shell
        if "In" not in shell.user_ns:
            # A cell has cleared its globals.
            shell.user_ns.setdefault("__name__", "__main__")
            shell.init_user_ns()
        self._sources.add(filename, line, code)
        shell.compile.filename = filename
        shell.compile.line = line
        shell.displayhook.captured = NO_RESULT
        shell.displayhook.number = shell.execution_count
        # Of the instance: a class that changes is slow for a while.
        tree = None
        outcome = Outcome()
        shell.cell_codes = outcome.codes
        shell.measured = measured
        try:
            tree = self._plain.parse(code)
            shell.may_await = tree is None
            done = shell.run_cell(code, store_history=True) if tree is None else self._plain.run(code, tree)
        except BaseException as error:
            outcome.error = error
        else:
            outcome.error = done.error_before_exec or done.error_in_exec
        if tree is None and outcome.error is None and TIMING.search(code):
            outcome.codes.extend(self._timed_code(code))
        shell.compile.filename = ""
        if outcome.error is None:
            outcome.result, outcome.unshown = shell.displayhook.shown()
        else:
            shell.displayhook.captured = NO_RESULT
        return outcome

    def _timed_code(self, code: str) -> list[CodeType]:
        """What %time and its like have run as code of their own: for the names that it mentions."""
        try:
            text = self._shell.transform_cell(TIMING.sub("", code))
            return [compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)]
        except Exception:
            return []

    def parts_for_later(self) -> list[Callable[[], object]]:
        """What IPython loads for the first completion and for %config."""
        return [lambda: self._shell.Completer]

    def after(self) -> None:
        """What a cell leaves for the next one, when its own end has been told."""
        self._shell.displayhook.bind()
        self._forget(self._shell.execution_count - MOST_INPUTS)

    def _forget(self, number: int) -> None:
        """IPython keeps the text of every cell, three times; a kernel that runs for days does not."""
        history = self._shell.history_manager
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
        from IPython.core.completer import provisionalcompleter

        from smelt_runtime.completion import MOST

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
        if kind in TEXT_ONLY:
            # Other formatters have nothing to say about these, unless they were told: none need be asked.
            formatters = formatter.formatters
            if len(self._printers) != len(formatters):
                self._printers = {mime: each.type_printers for mime, each in formatters.items()}
            told = [mime for mime, printers in self._printers.items() if kind in printers]
            if told == ["text/plain"]:
                is_repr = kind is int and self._printers["text/plain"][int] is self._repr_printer
                return {"text/plain": text_of(value) if is_repr else formatters["text/plain"](value)}, {}
        data, metadata = formatter.format(value)
        return encode_bundle(data), metadata
