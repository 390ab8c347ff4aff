"""Cells on IPython mean what they mean in IPython, though the kernel takes its own way through it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest
from kernel_process import KernelProcess

pytest.importorskip("IPython")

CELLS = [
    "1 + 1",
    "_ + 1",
    "__ + _",
    "x = 4",
    "x;",
    "x  # ;",
    "'a;b'",
    "None",
    "",
    "# nothing",
    "Out[1] + _2",
    "1 / 0",
    "(",
    "In[-1]",
    "_i",
    "_ii, _iii, _i1",
    "[n for n in Out if n < 3]",
    "%time y = 1",
    "!true",
    "int?",
    "import asyncio\nawait asyncio.sleep(0, 5)",
    "_ = 'mine'",
    "7",
    "_",
    "del _",
    "8",
    "_",
    "get_ipython().execution_count",
    "exit_code = 3",
    "%config InteractiveShell.ast_node_interactivity = 'last_expr_or_assign'",
    "z = 12",
    "_",
    "%config InteractiveShell.ast_node_interactivity = 'last_expr'",
    "%macro again 1-2",
    "again",
    "_",
    "%alias_magic shown pwd",
    "shown",
    "def hook(info): seen.append((info.raw_cell, info.store_history, info.silent))",
    "def after(result): told.append((result.execution_count, result.result, repr(result.error_in_exec)))",
    "seen, told = [], []",
    "get_ipython().events.register('pre_run_cell', hook)",
    "get_ipython().events.register('post_run_cell', after)",
    "6 * 7",
    "undefined",
    "seen, told",
    "get_ipython().events.unregister('pre_run_cell', hook)",
    "get_ipython().events.unregister('post_run_cell', after)",
    "import ast",
    (
        "class Double(ast.NodeTransformer):\n"
        "    def visit_Constant(self, node):\n"
        "        return ast.Constant(node.value * 2) if isinstance(node.value, int) else node"
    ),
    "doubling = Double()",
    "get_ipython().ast_transformers.append(doubling)",
    "21",
    "_",
    "get_ipython().ast_transformers.clear()",
    "shell = get_ipython()",
    "shell.set_custom_exc((KeyError,), lambda *_, **__: ran.append('custom'))",
    "ran = []",
    "{}['missing']",
    "ran",
    "lambda_handler = shell.set_custom_exc((), None)",
    "shell.last_execution_succeeded, shell.last_execution_result.result",
    "shell.input_transformers_post.append(lambda lines: [line.replace('BLUE', '5') for line in lines])",
    "BLUE",
    "_",
    "shell.input_transformers_post.clear()",
    "from __future__ import annotations",
    "def f(x: undefined_name): return 1",
    "f.__annotations__",
    "__name__, 'exit' in dir(__builtins__)",
]
"""What only works in one way of running a cell, and what it leaves for the next."""

LEFT = (
    "(In, {n: repr(v) for n, v in Out.items()}, [repr(globals().get(n)) for n in ('_', '__', '___')], "
    "_i, _ii, _iii, get_ipython().execution_count, "
    "sorted(n for n in globals() if n[:1] == '_' and n[1:].isdigit()))"
)

PLAIN = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from types import ModuleType
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

main = ModuleType("__main__")
sys.modules["__main__"] = main
shell = InteractiveShell.instance(
    user_ns=main.__dict__, config=Config({"HistoryManager": {"enabled": False}})
)
with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
    for code in json.loads(sys.argv[1]):
        shell.run_cell(code, store_history=True)
shell.run_cell(f"print('left', {sys.argv[2]})", store_history=True)
"""


def test_a_session_leaves_what_ipython_leaves(tmp_path):
    plain = subprocess.run(
        [sys.executable, "-c", PLAIN, json.dumps(CELLS), LEFT],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    expected = ast.literal_eval(plain.stdout.rpartition("left ")[2])
    kernel = KernelProcess(folder=tmp_path)
    for code in CELLS:
        kernel.run(code)
    kernel.run(f"print('left', {LEFT})")
    stdout, _ = kernel.close()
    found = ast.literal_eval(stdout.rpartition("left ")[2])
    assert found == expected


def test_autoreload_sees_the_changed_module(tmp_path):
    module = tmp_path / "changing.py"
    module.write_text("def value():\n    return 1\n")
    kernel = KernelProcess(folder=tmp_path)
    kernel.run("%load_ext autoreload")
    kernel.run("%autoreload 2")
    assert kernel.run("import changing\nchanging.value()")["result"]["summary"] == "1"
    module.write_text("def value():\n    return 'two'\n")
    assert kernel.run("changing.value()")["result"]["summary"] == "'two'"
    kernel.close()


def test_an_extension_that_takes_over_run_cell_is_asked():
    kernel = KernelProcess()
    kernel.run(
        "shell = get_ipython()\n"
        "own = shell.run_cell\n"
        "def run_cell(code, **options):\n"
        "    print('taken over')\n"
        "    return own(code, **options)\n"
        "shell.run_cell = run_cell"
    )
    assert kernel.run("40 + 2")["result"]["summary"] == "42"
    stdout, _ = kernel.close()
    assert stdout == "taken over\n"


def test_numbers_are_shown_as_the_user_says():
    kernel = KernelProcess()
    formatter = "get_ipython().display_formatter.formatters['text/plain']"
    kernel.run(f"{formatter}.for_type(int, lambda n, p, cycle: p.text(hex(n)));")
    assert kernel.run("255")["result"]["data"] == {"text/plain": "0xff"}
    kernel.run("%precision 2")
    assert kernel.run("3.14159")["result"]["data"] == {"text/plain": "3.14"}
    kernel.run("get_ipython().display_formatter.formatters['text/html'].for_type(int, '<b>{}</b>'.format);")
    assert kernel.run("7")["result"]["data"] == {"text/html": "<b>7</b>", "text/plain": "0x7"}
    kernel.close()


def test_exit_without_parentheses_ends_the_cell():
    kernel = KernelProcess()
    for word in ("exit", "quit()"):
        assert kernel.run(word)["error"]["ename"] == "SystemExit"
    assert kernel.run("1")["done"]["status"] == "ok"
    kernel.close()


def test_config_knows_the_completer_before_anything_was_completed():
    kernel = KernelProcess()
    kernel.run("%config IPCompleter.use_jedi = False")
    assert kernel.run("get_ipython().Completer.use_jedi")["result"]["summary"] == "False"
    kernel.run("%config")
    stdout, stderr = kernel.close()
    assert "    IPCompleter\n" in stdout
    assert stderr == ""


def test_the_profile_folder_is_there_for_what_needs_it(tmp_path):
    kernel = KernelProcess(environment={"IPYTHONDIR": str(tmp_path / "ipython")})
    kernel.run("kept = 5\n%store kept\ndel kept\n%store -r kept")
    assert kernel.run("kept, get_ipython().profile")["result"]["summary"] == "(5, 'default')"
    assert (tmp_path / "ipython" / "profile_default" / "startup").is_dir()
    kernel.close()


def test_lines_that_are_one_expression():
    """They take a shorter way through IPython, with the same end."""
    kernel = KernelProcess()
    kernel.run("import sys\ncalls = []\ndef f(*names, **more):\n    calls.append(more)\n    return [*names]")
    for code, shown in (
        ("  f(1, 2)  # two", "[1, 2]"),
        ("(bound := 5)", "5"),
        ("bound", "5"),
        ("[bound * n for n in range(2)]", "[0, 5]"),
        ("_ + [Out[len(In) - 2]]", "[0, 5, [0, 5]]"),
        ("(lambda: bound)()", "5"),
        ("In[-1]", "'In[-1]'"),
        ("sys.excepthook.__name__", "'excepthook'"),
        ("get_ipython().run_cell('bound + 1').result", "6"),
    ):
        assert kernel.run(code)["result"]["summary"] == shown, code
    for code in ("None", "bound;", "f(1); bound;", "x = bound", "for n in range(2): n", "if bound: bound"):
        events = kernel.run(code)
        assert events["done"]["status"] == "ok", code
        assert "result" not in events, code
    error = kernel.run("f(1 / 0)", line=7)["error"]
    assert (error["ename"], [frame["line"] for frame in error["frames"]]) == ("ZeroDivisionError", [7])
    assert "f(1 / 0)" in error["traceback"]
    assert kernel.run("sys.exit(3)")["error"]["ename"] == "SystemExit"
    assert kernel.run("get_ipython().sys_excepthook is sys.__excepthook__")["result"]["summary"] == "True"
    # What an extension does to the tree of every cell, it does to these.
    kernel.run(
        "import ast\nclass Ten(ast.NodeTransformer):\n"
        "    def visit_Constant(self, node): return ast.copy_location(ast.Constant(10), node)\n"
        "get_ipython().ast_transformers.append(Ten())"
    )
    assert kernel.run("1 + 1")["result"]["summary"] == "20"
    kernel.run("get_ipython().ast_transformers.clear()")
    kernel.run("%config InteractiveShell.ast_node_interactivity = 'none'")
    assert "result" not in kernel.run("1 + 1")
    assert kernel.close()[1] == ""


def test_a_warning_about_a_line_comes_once():
    kernel = KernelProcess()
    kernel.run("import warnings\nwarnings.simplefilter('always')")
    kernel.run("1 is 1")
    kernel.run("'\\d'; 1")
    stderr = kernel.close()[1]
    assert stderr.count('Warning: "is" with') == 1
    assert stderr.count("invalid escape") == 1
