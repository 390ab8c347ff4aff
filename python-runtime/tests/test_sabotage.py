"""Cells that take away what the kernel stands on: descriptors, memory, builtins, signals, modules."""

from __future__ import annotations

import re

import pytest
from kernel_process import PATIENCE, KernelProcess


def works(kernel, why: str) -> None:
    """Values, errors, output and interrupts."""
    assert kernel.run("40 + 2")["result"]["summary"] == "42", why
    assert kernel.run("1 / 0")["error"]["ename"] == "ZeroDivisionError", why
    kernel.forget_output()
    kernel.start("print('go')\nwhile True: pass")
    kernel.printed(b"go")
    kernel.interrupt()
    assert kernel.finish()["done"]["status"] == "interrupted", why


def test_one_after_the_other(kernel):
    for breakage in (
        "import os; os.closerange(0, 100)",
        "import os; os.closerange(3, 100)",
        "import linecache; linecache.cache = None",
        "import traceback; traceback.format_exception = traceback.extract_tb = None",
        "import builtins, io, json; builtins.open = io.open = json.JSONEncoder = json.loads = None",
        "import sys; sys.stdout = sys.stderr = sys.stdin = object()",
        "import warnings; warnings.simplefilter('error')",
        "import asyncio; asyncio.run = asyncio.get_event_loop = None",
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
        "import sys; sys.unraisablehook = sys.excepthook = lambda *_: 1 / 0",
        "import threading; threading.settrace(lambda *_: 1 / 0)",
        "import os; [os.set_blocking(each, False) for each in (0, 1, 2)]",
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))",
    ):
        events = kernel.run(breakage)
        assert events["done"]["status"] == "ok", (breakage, events["error"])
        works(kernel, breakage)


@pytest.mark.parametrize(
    "breakage",
    [
        "import gc\ndef callback(*_): raise RuntimeError('gc')\ngc.callbacks.append(callback)\ngc.collect();",
        "import sys\ndef trace(*_): raise RuntimeError('trace')\nsys.settrace(trace)",
        "import sys\ndef trace(*_): raise RuntimeError('profile')\nsys.setprofile(trace)",
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1, resource.RLIM_INFINITY))",
    ],
    ids=["gc", "trace", "profile", "memory"],
)
def test_what_goes_on(kernel, breakage):
    kernel.run(breakage)
    works(kernel, breakage)


@pytest.mark.parametrize("name", ["len", "isinstance", "str", "issubclass"])
def test_builtins_that_the_kernel_needs_come_back(kernel, name):
    events = kernel.run(f"import builtins\nbuiltins.{name} = None")
    assert events["done"]["status"] in ("ok", "error")
    # The next one may be the first that needs it.
    kernel.run("1")
    works(kernel, name)


def test_a_kernel_that_can_read_no_request_ends(kernel):
    kernel.start("import os\nos.closerange(3, 4096)")
    kernel.process.wait(PATIENCE)


def test_a_kernel_ends_though_a_thread_goes_on(kernel):
    kernel.run("import threading\nthreading.Thread(target=threading.Event().wait).start()")
    kernel.close()
    assert kernel.process.returncode == 0


def test_a_pipe_that_a_child_process_has_made_non_blocking_loses_nothing(kernel):
    kernel.run("import os, sys\nos.set_blocking(1, False)\nos.set_blocking(2, False)")
    kernel.run("print('a' * 3_000_000)\nprint('b' * 3_000_000, file=sys.stderr)\nprint('c' * 3_000_000)")
    events = kernel.run("1")
    assert events["report"]["mark"] > 0
    stdout, stderr = kernel.close()
    assert stdout == "a" * 3_000_000 + "\n" + "c" * 3_000_000 + "\n"
    assert stderr == "b" * 3_000_000 + "\n"


def test_numbers_written_as_bytes(kernel):
    events = kernel.run(
        "import array, sys\nsys.stdout.buffer.write(array.array('i', [0x61616161] * 100_000))"
    )
    assert events["result"]["summary"] == "400000"
    assert kernel.close()[0] == "a" * 400_000


def test_a_child_takes_no_requests(kernel):
    code = (
        "import os\n"
        "if os.fork() == 0:\n"
        "    try:\n        input()\n    except EOFError as error:\n        print(error)\n"
        "    os._exit(0)\n"
        "os.wait();"
    )
    assert kernel.run(code)["done"]["status"] == "ok"
    kernel.printed(b"a child of it")
    works(kernel, "after a fork that asked")


def test_a_child_prints_when_its_cell_is_over(kernel):
    kernel.run(
        "import os\nr, w = os.pipe()\npid = os.fork()\n"
        "if pid == 0:\n    os.read(r, 1)\n    for n in range(100): print(f'<{n}>')\n    os._exit(0)"
    )
    kernel.run("print('<next>')")
    kernel.run("os.write(w, b'x')\nos.waitpid(pid, 0);")
    stdout, _ = kernel.close()
    assert re.findall("<.*?>", stdout) == ["<next>", *(f"<{n}>" for n in range(100))]


def test_a_thread_that_prints_for_ever(kernel):
    kernel.run(
        "import threading\nstop = threading.Event()\n"
        "def work():\n    while not stop.wait(0.0001): print('.', end='')\n"
        "threads = [threading.Thread(target=work) for _ in range(3)]\nfor each in threads: each.start()"
    )
    for number in range(200):
        assert kernel.run(f"display({number})\n{number}")["result"]["summary"] == str(number)
    works(kernel, "while a thread prints")
    assert kernel.run("stop.set()\nfor each in threads: each.join()")["done"]["status"] == "ok"


def test_a_signal_handler_that_raises_ends_its_cell_only(kernel):
    kernel.run(
        "import os, signal\ndef handler(*_): raise RuntimeError('handled')\n"
        "signal.signal(signal.SIGUSR1, handler)"
    )
    events = kernel.run("os.kill(os.getpid(), signal.SIGUSR1)\nwhile True: pass")
    assert events["error"]["evalue"] == "handled"
    works(kernel, "after a handler")


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"HOME": "/proc", "IPYTHONDIR": "/proc/none", "TMPDIR": "/nowhere"},
        {"PYTHONOPTIMIZE": "2", "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "ascii"},
        {"PYTHONWARNINGS": "error"},
    ],
    ids=["C", "no home", "options", "warnings"],
)
def test_environments(environment):
    kernel = KernelProcess(environment=environment)
    kernel.run("print('é🙂')")
    kernel.run("import subprocess\nsubprocess.run(['echo', 'child']);")
    works(kernel, str(environment))
    assert kernel.run("%%time\n1" if kernel.ready["shell"] == "ipython" else "1")["done"]["status"] == "ok"
    assert kernel.close()[1] == ""
