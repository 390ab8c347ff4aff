"""A cell shell for interpreters without IPython: the standard library alone."""

from __future__ import annotations

import ast
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from smelt_runtime.outcome import Outcome
from smelt_runtime.rich_display import mime_bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from smelt_runtime.source_lines import SourceLines

MAGIC = re.compile(
    r"^[ \t]*(?:[A-Za-z_][\w, ]*=[ \t]*)?(%{1,2}|!{1,2})([A-Za-z_]\w*)?[ \t]*(.*)$", re.MULTILINE
)
CO_COROUTINE = 0x80
"""inspect.CO_COROUTINE, without importing inspect."""
HELP = re.compile(r"^[ \t]*(\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$", re.MULTILINE)
ENV = re.compile(r"^([A-Za-z_]\w*)[ \t]*(?:=|[ \t])[ \t]*(.*)$")


class StandardShell:
    """Runs cells in one namespace, as `python -i` would, with top-level await."""

    name = "standard"

    def __init__(self, namespace: dict[str, Any], sources: SourceLines) -> None:
        self.namespace = namespace
        self._sources = sources
        self.execution_count = 0

    def run(
        self,
        code: str,
        filename: str,
        line: int,
        measured: AbstractContextManager[None],
    ) -> Outcome:
        """Run a cell; its own code runs inside `measured`."""
        self.execution_count += 1
        self.namespace.setdefault("__name__", "__main__")
        self._sources.add(filename, line, code)
        outcome = Outcome()
        try:
            body, last = self._compile(without_magics(code, filename, line), filename, line)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            outcome.error = error
            return outcome
        outcome.codes = [part for part in (body, last) if part is not None]
        try:
            with measured:
                if body is not None:
                    self._evaluate(body)
                if last is not None and code.rstrip().endswith(";"):
                    outcome.unshown = self._evaluate(last)
                elif last is not None:
                    outcome.result = self._evaluate(last)
        except BaseException as error:
            outcome.error = error
        if outcome.error is None and outcome.has_result:
            self.namespace["_"] = outcome.result
        return outcome

    def parts_for_later(self) -> list[Callable[[], object]]:
        """There are none."""
        return []

    def after(self) -> None:
        """All is done before a cell's end is told."""

    def _compile(self, code: str, filename: str, line: int) -> tuple[Any, Any]:
        """The statements, and the last expression when the cell ends in one."""
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        # Behind as many empty lines as come before it in the file, so that all numbers are the file's.
        tree = compile("\n" * line + code, filename, "exec", ast.PyCF_ONLY_AST | flags)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = compile(ast.Expression(tree.body.pop().value), filename, "eval", flags)
        body = compile(tree, filename, "exec", flags) if tree.body else None
        return body, last

    def _evaluate(self, code: Any) -> Any:
        value = eval(code, self.namespace)  # noqa: S307 - running user code is what a kernel is for
        if code.co_flags & CO_COROUTINE:
            import asyncio

            return asyncio.run(value)
        return value

    def complete(self, code: str, cursor: int) -> tuple[int, int, list[dict[str, str]]]:
        """(start, end, Completions) at an index of the code."""
        from smelt_runtime.completion import complete

        return complete(self.namespace, code, cursor)

    def mime_bundle(self, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """MIME types of a value by its `_repr_*_` methods, and text/plain."""
        return mime_bundle(value)


def without_magics(code: str, filename: str, line: int) -> str:
    """Run `%env` here, and say in plain words that other magics need IPython."""
    if not any(mark in code for mark in "%!?"):
        return code
    try:
        ast.parse(code)
    except SyntaxError:
        pass
    else:
        return code

    def at(index: int) -> tuple[str, int]:
        return filename, line + code.count("\n", 0, index) + 1

    def replace(match: re.Match[str]) -> str:
        mark, name, argument = match[1], match[2], match[3]
        if mark == "%" and name in ("env", "set_env"):
            setting = ENV.match(argument)
            if setting is None:
                return f"print(__import__('os').environ.get({argument!r}, ''))"
            os.environ[setting[1]] = setting[2].strip()
            return "pass"
        what = f"The shell command {mark}{name or ''}" if mark[0] == "!" else f"{mark}{name}"
        raise needs_ipython(what, at(match.start(1)))

    code = MAGIC.sub(replace, code)
    asked = HELP.search(code)
    if asked is not None:
        raise needs_ipython(asked[1], at(asked.start(1)))
    return code


def needs_ipython(what: str, place: tuple[str, int]) -> SyntaxError:
    """The error of what only IPython understands; its place is a file and a line (1-based)."""
    error = SyntaxError(f"{what} needs IPython: {sys.executable} -m pip install ipython")
    error.filename, error.lineno = place
    return error
