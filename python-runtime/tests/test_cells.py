"""What cells do: values, errors, output, input, interrupts."""

from __future__ import annotations

import json
import re
import signal
import sys

import pytest
from kernel_process import MARK, PATIENCE, KernelProcess


def test_ready_tells_the_interpreter(kernel):
    assert kernel.ready["protocol"] == 1
    assert re.fullmatch(r"3\.\d+\.\d+.*", kernel.ready["python"])
    assert kernel.ready["pid"] == kernel.process.pid


def test_the_last_expression_is_the_result(kernel):
    assert kernel.run("1+1")["result"]["summary"] == "2"
    assert "result" not in kernel.run("x = 1")
    assert "result" not in kernel.run("x;")
    assert "result" not in kernel.run("None")
    assert kernel.run("_")["result"]["data"] == {"text/plain": "2"}


def test_await_at_the_top_of_a_cell(kernel):
    events = kernel.run("import asyncio\nawait asyncio.sleep(0)\n'slept'")
    assert events["result"]["summary"] == "'slept'"


def test_an_error_names_the_lines_of_the_file(kernel):
    error = kernel.run("def f():\n    return 1 / 0\n\nf()", line=40)["error"]
    assert error["ename"] == "ZeroDivisionError"
    assert [frame["line"] for frame in error["frames"]] == [43, 41]
    assert 'File "/project/cell.py", line 42, in f' in error["traceback"]
    assert "return 1 / 0" in error["traceback"]
    assert "smelt_runtime" not in error["traceback"]
    assert "IPython" not in error["traceback"]


def test_a_syntax_error_has_no_numbers_and_no_frames_of_the_kernel(kernel):
    kernel.run("sum(range(100_000))")
    events = kernel.run("x = (", line=7)
    assert events["error"]["ename"] == "SyntaxError"
    assert events["error"]["frames"] == [{"filename": "/project/cell.py", "line": 7, "name": "<module>"}]
    assert "Traceback" not in events["error"]["traceback"]
    assert events["report"]["wall"] == 0


def test_a_bracket_that_is_left_open_is_named(kernel):
    error = kernel.run("x = (1,\n  2\n", line=7)["error"]
    assert error["evalue"] == "'(' was never closed"
    assert error["frames"][-1]["line"] == 7


def test_a_module_that_is_missing_is_missing_in_a_python(kernel):
    error = kernel.run("import no_such_module.part")["error"]
    assert error["explanation"].startswith(f"{sys.executable} runs the cells and has no no_such_module.")
    assert kernel.run("import os.no_such_part")["error"]["explanation"] is None
    own = "class Own(ModuleNotFoundError):\n    name = property(lambda self: 1 / 0)\nraise Own"
    assert kernel.run(own)["error"]["ename"] == "Own"


def test_exit_ends_the_cell_and_not_the_kernel(kernel):
    events = kernel.run("import sys\nsys.exit(3)")
    assert events["error"]["ename"] == "SystemExit"
    assert "the kernel goes on" in events["error"]["evalue"]
    assert kernel.run("1")["done"]["status"] == "ok"
    _, stderr = kernel.close()
    assert stderr == ""


def test_an_error_whose_text_raises(kernel):
    code = "class Bad(Exception):\n    def __str__(self):\n        raise ValueError\nraise Bad"
    assert kernel.run(code)["error"]["ename"] == "Bad"


def test_a_repr_that_raises(kernel):
    events = kernel.run("class Bad:\n    def __repr__(self):\n        raise ValueError('no')\nBad()")
    assert events["done"]["status"] == "ok"
    assert "its repr raised ValueError" in events["result"]["summary"]


def test_output_of_python_c_and_child_processes_in_order(kernel):
    kernel.run(
        "import ctypes, os, subprocess, sys\n"
        "libc = ctypes.CDLL(None)\n"
        "print('one')\n"
        "libc.printf(b'two\\n')\n"
        "print('three')\n"
        "subprocess.run(['echo', 'four'])\n"
        "os.write(1, b'five\\n')\n"
        "libc.printf(b'six\\n');"
    )
    stdout, _ = kernel.close()
    assert stdout.split() == ["one", "two", "three", "four", "five", "six"]


def test_a_switch_between_the_streams_is_marked_on_both(kernel):
    kernel.run("import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')")
    kernel.close()
    stdout, stderr = kernel.transcript()
    between = MARK.split(stdout[stdout.index(b"a\n") : stdout.index(b"c\n")])
    assert len(between) >= 3, "no mark between a and c"
    assert MARK.findall(stdout) == MARK.findall(stderr)


def test_half_lines_come_out_when_they_must(kernel):
    for write in ("print('<half>', end='')", "sys.stdout.write('<half>')\nsys.stdout.flush()"):
        kernel.start(f"import os, sys, time\n{write}\ntime.sleep(600)")
        kernel.printed(b"<half>")
        kernel.interrupt()
        assert kernel.finish()["done"]["status"] == "interrupted"
        kernel.forget_output()
    kernel.run("sys.stdout.write('<c>')\nsys.stderr.write('<d>')\nsys.stdout.write('<e>');")
    kernel.run("sys.stdout.write('<f>')\nif os.fork() == 0:\n    os._exit(0)\nos.wait();")
    kernel.run(
        "sys.stdout.write('<g>')\nsys.stdout.buffer.write(b'<h>')\nsys.stdout.writelines(['<i>', '<j>']);"
    )
    stdout, stderr = kernel.close()
    assert stdout == "<c><e><f><g><h><i><j>"
    assert stderr == "<d>"
    raw, _ = kernel.transcript()
    assert MARK.search(raw[raw.index(b"<c>") : raw.index(b"<e>")])


def test_closed_and_redirected_outputs_do_not_break_the_kernel(kernel):
    kernel.run("import os, sys\nsys.stdout.close()\nos.close(1)")
    kernel.run("sys.stdout = sys.stderr = None")
    events = kernel.run("print('still here')\n1")
    assert events["result"]["summary"] == "1"
    stdout, _ = kernel.close()
    assert "still here" in stdout


def test_much_output(kernel):
    kernel.run("for i in range(20):\n    print('x' * 1_000_000)")
    stdout, _ = kernel.close()
    assert len(stdout) == 20 * 1_000_001


def test_a_lone_surrogate_can_be_printed(kernel):
    assert kernel.run("print('\\ud800')\n'\\ud800'")["done"]["status"] == "ok"
    stdout, _ = kernel.close()
    assert stdout == "\\ud800\n"


def test_input_is_answered_by_the_editor(kernel):
    cell = kernel.start("name = input('Name? ')\nname")
    events: dict = {}
    while "input_request" not in events:
        event = kernel.event()
        events[event["type"]] = event
    assert events["input_request"]["prompt"] == "Name? "
    assert events["input_request"]["password"] is False
    kernel.send(type="input_reply", id=cell, value="Ada")
    assert kernel.finish()["result"]["summary"] == "'Ada'"


def test_getpass_asks_for_a_password_and_no_answer_is_end_of_file(kernel):
    cell = kernel.start("import getpass\ngetpass.getpass()")
    while (event := kernel.event())["type"] != "input_request":
        pass
    assert event["password"] is True
    kernel.send(type="input_reply", id=cell, value=None)
    error = kernel.finish()["error"]
    assert (error["ename"], error["evalue"]) == ("EOFError", "the question was closed without an answer")


def test_interrupt_ends_a_busy_loop(kernel):
    kernel.start("import sys\nprint('go', flush=True)\nwhile True:\n    pass")
    assert kernel.event()["type"] == "started"
    kernel.interrupt()
    events = kernel.finish()
    assert events["done"]["status"] == "interrupted"
    assert events["error"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("1+1")["result"]["summary"] == "2"


def test_interrupt_between_cells_does_nothing(kernel):
    kernel.run("1")
    kernel.interrupt()
    assert kernel.run("1+1")["result"]["summary"] == "2"


def test_interrupt_of_input(kernel):
    kernel.start("input()")
    while kernel.event()["type"] != "input_request":
        pass
    kernel.interrupt()
    assert kernel.finish()["done"]["status"] == "interrupted"


def test_a_cell_that_takes_the_signal_gives_it_back(kernel):
    kernel.run("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)")
    kernel.start("print('go')\nwhile True:\n    pass")
    assert kernel.event()["type"] == "started"
    kernel.interrupt()
    assert kernel.finish()["done"]["status"] == "interrupted"


def test_a_fork_does_not_speak_for_the_kernel(kernel):
    events = kernel.run("import os\npid = os.fork()\nif pid:\n    os.waitpid(pid, 0)\npid > 0")
    assert events["result"]["summary"] == "True"
    assert kernel.run("1+1")["result"]["summary"] == "2"


def test_display_and_rich_results(kernel):
    kernel.run("class Html:\n    def _repr_html_(self):\n        return '<b>x</b>'")
    assert kernel.run("display(Html())")["display"]["data"]["text/html"] == "<b>x</b>"
    assert kernel.run("Html()")["result"]["data"]["text/html"] == "<b>x</b>"


def test_user_code_sees_no_trace_of_smelt(kernel):
    events = kernel.run(
        "import os, sys, __main__\n"
        "x = 1\n"
        "['python-runtime' in ' '.join([*sys.path, os.environ.get('PYTHONPATH', '')]),"
        " __main__.x, sys.path[0]]"
    )
    assert events["result"]["summary"] == "[False, 1, '']"


def test_a_class_of_the_cell_can_be_pickled(kernel):
    code = "import pickle\nclass A: pass\ntype(pickle.loads(pickle.dumps(A()))) is A"
    assert kernel.run(code)["result"]["summary"] == "True"


def test_unknown_and_broken_requests_are_logged_and_ignored(kernel):
    kernel.send(type="no-such-request", id=1)
    assert kernel.event()["type"] == "log"
    kernel.send(type="execute", id=1)
    assert kernel.event()["type"] == "log"
    assert kernel.run("1+1")["result"]["summary"] == "2"


def test_the_kernel_ends_with_its_editor():
    process = KernelProcess()
    process.close()
    assert process.process.returncode == 0


def test_a_killed_kernel_leaves_no_half_line_on_the_events():
    process = KernelProcess()
    process.start("import os, signal\nprint('before')\nos.kill(os.getpid(), signal.SIGKILL)")
    assert process.event()["type"] == "started"
    process.process.wait(PATIENCE)
    assert process.process.returncode == -signal.SIGKILL
    stdout, _ = process.close()
    assert stdout == "before\n"


def test_modules_of_the_folder_do_not_replace_the_kernels_own(tmp_path):
    for name in ("typing", "json", "random", "torch"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('of the user')\n")
    (tmp_path / "mine.py").write_text("x = 5\n")
    process = KernelProcess(folder=tmp_path)
    assert process.run("import mine, os\n[mine.x, os.getcwd()]")["result"]["summary"] == f"[5, '{tmp_path}']"
    process.close()


def test_an_interrupt_before_the_code_runs_is_not_lost(kernel):
    if kernel.ready["shell"] == "ipython":
        # IPython catches KeyboardInterrupt in the functions that it calls before a cell.
        kernel.run(
            "import time; get_ipython().events.register('pre_run_cell', lambda _info: time.sleep(0.3))"
        )
    kernel.start("while True: pass")
    kernel.printed(b"")
    kernel.interrupt()
    assert kernel.finish()["done"]["status"] == "interrupted"
    assert kernel.run("6 * 7")["result"]["summary"] == "42"


def test_a_result_that_no_message_can_hold_costs_itself_only(kernel):
    events = kernel.run(
        "class Ring:\n"
        "    def _repr_json_(self):\n"
        "        ring = {}\n"
        "        ring['ring'] = ring\n"
        "        return ring\n"
        "Ring()"
    )
    assert "Circular" in events["log"]["text"]
    assert "result" not in events
    assert events["report"]["wall"] > 0
    assert events["done"]["status"] == "ok"
    kernel.close()
    stdout, _ = kernel.transcript()
    # A mark without its event would hold up all that comes after it.
    assert MARK.findall(stdout)[-1] == str(events["done"]["mark"]).encode()


def test_threads_display_while_the_cell_does(kernel):
    kernel.start(
        "import threading\n"
        "def show(name):\n"
        "    for n in range(200):\n"
        "        display(f'{name}{n}')\n"
        "threads = [threading.Thread(target=show, args=(name,)) for name in 'abc']\n"
        "for each in threads:\n"
        "    each.start()\n"
        "show('m')\n"
        "for each in threads:\n"
        "    each.join()"
    )
    events = []
    while not events or events[-1]["type"] != "done":
        events.append(kernel.event())
    assert sum(event["type"] == "display" for event in events) == 800
    marks = [event["mark"] for event in events]
    assert marks == sorted(set(marks))


def test_numbers_that_json_has_not_reach_the_editor_as_null(kernel):
    kernel.start(
        "class Chart:\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        data = {'y': [1.5, float('nan'), -float('inf')]}\n"
        "        return {'application/json': data, 'text/plain': 'chart'}\n"
        "Chart()"
    )
    lines = [kernel.line() for _ in range(4)]
    # JavaScript knows no NaN: the editor would lose the event, and wait for it.
    events = [json.loads(line, parse_constant=lambda word: f"not JSON: {word}") for line in lines]
    assert events[1]["data"]["application/json"] == {"y": [1.5, None, None]}


def test_a_display_id_that_is_a_number_is_a_text_for_the_editor():
    pytest.importorskip("IPython")
    kernel = KernelProcess()
    events = kernel.run("from IPython.display import display\ndisplay(1, display_id=5);")
    assert events["display"]["display_id"] == "5"
    kernel.close()
