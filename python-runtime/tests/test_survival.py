"""What a kernel must survive. Nothing here may hang, and nothing may be lost but what a dead process held."""

from __future__ import annotations

import re
import signal
import subprocess

import pytest
from kernel_process import PATIENCE, KernelProcess


def resident(pid: int) -> int:
    """Bytes of main memory of a process, as `ps` tells on Linux and macOS."""
    done = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], stdout=subprocess.PIPE, check=True)  # noqa: S607 - wherever ps is
    return int(done.stdout) * 1024


def still_works(kernel) -> bool:
    return kernel.run("40 + 2")["result"]["summary"] == "42"


def start_and_wait(kernel, code: str, word: bytes = b"go") -> None:
    """Start a cell and wait until it has printed a word."""
    kernel.start(code)
    kernel.printed(word)


def test_ten_thousand_cells_leave_nothing_behind():
    kernel = KernelProcess()

    def cells(count: int) -> None:
        for number in range(count):
            kernel.start(
                f"x = {number}\nprint(x)\nx", filename=f"/project/{number % 50}.py", line=number % 400
            )
            kernel.finish()

    cells(3_000)
    before = resident(kernel.process.pid)
    cells(7_000)
    grown = resident(kernel.process.pid) - before
    assert grown < 7_000_000, f"{grown / 7_000:.0f} bytes for each cell"
    assert still_works(kernel)
    kernel.close()


@pytest.mark.parametrize(
    "wait",
    [
        "while True: pass",
        "import time; time.sleep(600)",
        "import threading; threading.Event().wait()",
        "import subprocess; subprocess.run(['sleep', '600'])",
        "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
        "while True: sum(range(10**6))",
        "import asyncio; asyncio.run(asyncio.sleep(600))",
        "input()",
    ],
    ids=["loop", "sleep", "lock", "child", "regular expression", "C code", "asyncio", "input"],
)
def test_interrupt(kernel, wait):
    start_and_wait(kernel, f"print('go')\n{wait}")
    kernel.interrupt()
    assert kernel.finish()["done"]["status"] == "interrupted"
    assert still_works(kernel)


def test_many_interrupts_end_one_cell_each(kernel):
    for _ in range(30):
        start_and_wait(kernel, "print('go')\nwhile True: pass")
        kernel.interrupt()
        kernel.interrupt()
        assert kernel.finish()["done"]["status"] == "interrupted"
        kernel.forget_output()
    assert still_works(kernel)


def test_killed_in_the_middle_of_output(kernel):
    start_and_wait(kernel, "n = 0\nwhile True:\n    n += 1\n    print('line', n)", b"line 1000\n")
    kernel.process.kill()
    kernel.process.wait(PATIENCE)
    stdout, _ = kernel.close()
    lines = stdout.splitlines()
    assert lines[:-1] == [f"line {n}" for n in range(1, len(lines))]


@pytest.mark.parametrize(
    "breakage",
    [
        "import os, sys; sys.stdout.close(); sys.stderr.close(); os.close(1); os.close(2)",
        "import os; os.closerange(0, 3)",
        "import sys; sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None",
        "import sys; sys.stdout.detach()",
        "import builtins; builtins.print = None; builtins.input = None",
        "print = input = repr = len = None",
        "import os; null = os.open(os.devnull, os.O_WRONLY); os.dup2(null, 1); os.dup2(null, 2)",
        "import contextlib, io; contextlib.redirect_stdout(io.StringIO()).__enter__()",
        "import sys; sys.excepthook = sys.displayhook = None",
        "import sys; sys.settrace(lambda *_: None); sys.setrecursionlimit(60)",
        "import sys; sys.path.clear(); sys.path_hooks.clear()",
        "import json, time; json.dumps = json.loads = time.perf_counter_ns = None",
        "import os; os.write = os.read = None",
        "import tempfile; os = __import__('os'); os.chdir(tempfile.mkdtemp()); os.rmdir(os.getcwd())",
        "import sys; [sys.modules.pop(name) for name in [*sys.modules] if name.startswith('smelt_runtime')]",
        "import sys; del sys.stdout, sys.stderr",
        "import locale; locale.setlocale(locale.LC_ALL, 'C'); Out = In = _oh = None",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "import faulthandler; faulthandler.disable()",
        "del __builtins__",
        "import gc, signal; gc.disable(); signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})",
        "import os; os.chdir('/'); os.environ.clear()",
        "globals().clear()",
    ],
)
def test_what_a_cell_breaks_ends_with_it(kernel, breakage):
    kernel.start(breakage)
    kernel.finish()
    kernel.run("del print, input, repr, len")
    assert still_works(kernel)
    assert kernel.run("1 / 0")["error"]["ename"] == "ZeroDivisionError"
    kernel.run("import builtins\nbuiltins.__dict__['print']('still here')")
    start_and_wait(kernel, "while True: pass", b"")
    kernel.interrupt()
    assert kernel.finish()["done"]["status"] == "interrupted"


def test_descriptors_of_the_outputs_that_a_cell_closes_are_there_again(kernel):
    kernel.run("import os\nos.close(1)\nos.close(2)")
    events = kernel.run("file = open(os.devnull)\nos.write(1, b'from C\\n')\nfile.fileno() > 2")
    assert events["done"]["status"] == "ok"
    assert events["result"]["data"] == {"text/plain": "True"}


def test_threads_print_while_and_after_their_cell(kernel):
    code = (
        "import threading\n"
        "release = threading.Event()\n"
        "def work(n):\n"
        "    for i in range(200):\n"
        "        print(f'<{n}:{i}>')\n"
        "    release.wait()\n"
        "    print(f'<late {n}>')\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]\n"
        "for thread in threads: thread.start()"
    )
    assert kernel.run(code)["done"]["status"] == "ok"
    kernel.run("release.set()\nfor thread in threads: thread.join()")
    stdout, _ = kernel.close()
    wanted = [*(f"<{n}:{i}>" for n in range(8) for i in range(200)), *(f"<late {n}>" for n in range(8))]
    # A line and its end are two writes, between which another thread may come.
    assert sorted(re.findall("<[^>]*>", stdout)) == sorted(wanted)
    assert len(stdout) == sum(map(len, wanted)) + len(wanted)


def test_a_hundred_megabytes():
    kernel = KernelProcess()
    kernel.start("line = 'x' * 999\nfor _ in range(100_000): print(line)\nprint('the end')")
    assert kernel.finish()["done"]["status"] == "ok"
    stdout, _ = kernel.close()
    assert len(stdout) == 100_000_000 + 8
    assert stdout.endswith("the end\n")


def test_bytes_that_are_no_text(kernel):
    kernel.run(
        "import os, sys\nsys.stdout.buffer.write(b'\\xff\\xfe\\x80')\nos.write(1, b'\\xc3')\nprint('é')"
    )
    kernel.close()
    assert b"\xff\xfe\x80" in kernel.transcript()[0]


def test_forks_that_print_and_leave_or_go_on(kernel):
    code = (
        "import os\n"
        "pids = []\n"
        "for n in range(4):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        print(f'<child {n}>')\n"
        "        if n % 2: os._exit(0)\n"
        "        break\n"
        "    pids.append(pid)\n"
        "else:\n"
        "    for pid in pids: os.waitpid(pid, 0)\n"
        "    print('<parent>')"
    )
    assert kernel.run(code)["done"]["status"] == "ok"
    assert still_works(kernel)
    stdout, _ = kernel.close()
    assert sorted(re.findall("<.*?>", stdout)) == [*(f"<child {n}>" for n in range(4)), "<parent>"]


def test_processes_of_multiprocessing(kernel):
    code = (
        "import multiprocessing\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    squares = pool.map(abs, [-1, -2, -3])\n"
        "squares"
    )
    assert kernel.run(code)["result"]["summary"] == "[1, 2, 3]"


@pytest.mark.parametrize(
    "value",
    [
        "def __repr__(self): raise ValueError('no')",
        "def __repr__(self): raise SystemExit",
        "def __repr__(self): return 5",
        "def __repr__(self): return repr(self)",
        "def __repr__(self): return 'x' * 10**7",
        "def __getattr__(self, name): raise RuntimeError(name)",
        "def __eq__(self, other): raise RuntimeError\n    def __bool__(self): raise RuntimeError",
        "__class__ = property(lambda self: 1 / 0)",
        "def _repr_mimebundle_(self, **options): raise KeyboardInterrupt",
        "def _repr_html_(self): return 5",
        "def _repr_json_(self): return {1: object()}",
    ],
)
def test_values_that_cannot_be_shown(kernel, value):
    code = f"class Bad:\n    {value}\nbad = Bad()\nbad"
    assert kernel.run(code)["done"]["status"] in ("ok", "error")
    kernel.run("[bad]")
    assert still_works(kernel)


def test_errors_that_cannot_be_shown(kernel):
    for body in (
        "def __str__(self): raise SystemExit",
        "def __str__(self): return 5",
        "__traceback__ = None",
        "def __getattribute__(self, name): raise RuntimeError",
    ):
        events = kernel.run(f"class Bad(Exception):\n    {body}\nraise Bad('x')")
        assert events["error"]["ename"] == "Bad"
    assert kernel.run("raise BaseException('b')")["error"]["ename"] == "BaseException"
    assert kernel.run("raise GeneratorExit")["error"]["ename"] == "GeneratorExit"
    odd = kernel.run(
        "class Odd(type):\n"
        "    __name__ = property(lambda cls: 1 / 0)\n"
        "class Bad(Exception, metaclass=Odd): pass\n"
        "raise Bad('x')"
    )
    assert (odd["error"]["ename"], odd["error"]["evalue"]) == ("Bad", "x")
    large = kernel.run("raise ValueError('x' * 10**7)")["error"]
    assert len(large["evalue"]) < 101_000
    assert "characters" in large["traceback"]
    nested = kernel.run("raise ExceptionGroup('g', [ValueError(1)])")["error"]["ename"]
    assert nested in ("ExceptionGroup", "NameError")
    assert still_works(kernel)


def test_deep_recursion_and_much_memory(kernel):
    assert kernel.run("def f(n): return f(n + 1)\nf(0)")["error"]["ename"] == "RecursionError"
    assert kernel.run("eval('(' * 500 + ')' * 500)")["done"]["status"] == "error"
    assert kernel.run("'x' * 10**15")["error"]["ename"] in ("MemoryError", "OverflowError")
    assert still_works(kernel)


def test_whole_numbers_that_python_does_not_spell_out(kernel):
    if kernel.run("import sys\nhasattr(sys, 'set_int_max_str_digits')")["result"]["summary"] == "True":
        assert "ValueError" in kernel.run("10 ** 10_000")["result"]["data"]["text/plain"]


def test_input_on_another_thread_is_refused(kernel):
    events = kernel.run(
        "import threading\n"
        "said = []\n"
        "def ask():\n"
        "    try:\n"
        "        input()\n"
        "    except RuntimeError as error:\n"
        "        said.append(str(error))\n"
        "thread = threading.Thread(target=ask)\n"
        "thread.start()\n"
        "thread.join()\n"
        "said[0]"
    )
    assert "main thread" in events["result"]["summary"]
    assert still_works(kernel)


def test_no_descriptors_left(kernel):
    code = (
        "import os, resource\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n"
        "files = []\n"
        "while True: files.append(open(os.devnull))"
    )
    assert kernel.run(code)["error"]["ename"] == "OSError"
    assert kernel.run("1 / 0")["error"]["ename"] == "ZeroDivisionError"
    assert still_works(kernel)
    assert kernel.run("for file in files: file.close()")["done"]["status"] == "ok"
    assert still_works(kernel)


def test_a_kernel_without_ipython_says_so_in_plain_words(kernel):
    if kernel.ready["shell"] != "standard":
        pytest.skip("this kernel has IPython")
    for code in ("%timeit 1", "%%time\nx = 1", "!ls", "files = !ls", "x = 1\n%matplotlib inline", "print?"):
        error = kernel.run(code)["error"]
        assert "needs IPython" in error["evalue"], code
        assert "pip install ipython" in error["evalue"]


@pytest.mark.parametrize(
    ("death", "word"),
    [
        ("import ctypes\ndef f():\n    ctypes.string_at(0)\nf()", "Segmentation fault"),
        ("import os\nos.abort()", "Aborted"),
    ],
    ids=["segmentation fault", "abort"],
)
def test_a_crash_tells_its_line_on_the_descriptor_for_faults(kernel, death, word):
    kernel.start(death, line=10)
    kernel.process.wait(PATIENCE)
    assert kernel.process.returncode in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS)
    text = kernel.faults()
    assert text.startswith(f"Fatal Python error: {word}")
    assert 'File "/project/cell.py", line 1' in text
    stdout, stderr = kernel.close()
    assert "Fatal" not in stdout + stderr


def test_leaving_without_goodbye_loses_no_output():
    process = KernelProcess()
    process.start("import os\nprint('before')\nos._exit(7)")
    process.process.wait(PATIENCE)
    assert process.process.returncode == 7
    assert process.close()[0] == "before\n"
