"""IPython's compiler, for cells that are part of a file."""

from __future__ import annotations
import __future__

import ast
import codeop
from typing import Any

from IPython.core.compilerop import CachingCompiler

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
"""Flags of code that `from __future__ import …` has changed; some are gone, and 0."""


INCOMPLETE = getattr(codeop, "PyCF_ALLOW_INCOMPLETE_INPUT", 0)
"""With it Python says "incomplete input" where it knows better: which bracket or quote is still open."""


class CellCompiler(CachingCompiler):
    """Compiles cells under the name and at the line of the file that they stand in."""

    filename = ""
    line = 0

    def __call__(self, source: Any, filename: str, symbol: str, **options: Any) -> Any:
        """Compile, and keep what a cell imports from __future__, as codeop does one by one."""
        if options:
            return super().__call__(source, filename, symbol, **options)
        code = compile(source, filename, symbol, self.flags, dont_inherit=True)
        self.flags |= code.co_flags & FUTURE
        return code

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """The file of a cell; IPython's own name for other code."""
        if not self.filename:
            return super().cache(transformed_code, number, raw_code)
        return self.filename

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        """Parse, with line numbers of the file."""
        if filename == self.filename:
            source = "\n" * self.line + source
        flags = self.flags & ~INCOMPLETE | ast.PyCF_ONLY_AST
        return compile(source, filename, symbol, flags, dont_inherit=True)
