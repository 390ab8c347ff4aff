"""The kernel: runs cells on the main thread, measures them, and tells the editor."""

from __future__ import annotations

# Without the enumerations that signal makes of everything.
import _signal
import builtins
import faulthandler
import gc
import importlib.util
import os
import sys

# By name: a cell may replace what these modules hold.
from _thread import start_new_thread
from contextlib import suppress
from os import _exit as leave
from os import getpid
from time import sleep
from types import ModuleType
from typing import TYPE_CHECKING, Any

from smelt_runtime.channel import Channel, move
from smelt_runtime.distributions import installed_versions
from smelt_runtime.error_event import error_event
from smelt_runtime.hardware import architecture, is_translated
from smelt_runtime.later import QUIET, parts_for_later
from smelt_runtime.measure import Measurement
from smelt_runtime.protocol import PROTOCOL
from smelt_runtime.questions import answer
from smelt_runtime.source_lines import SourceLines
from smelt_runtime.streams import CellOutputs
from smelt_runtime.summary import summary_of
from smelt_runtime.timed import Timed
from smelt_runtime.user_input import Shutdown, UserInput

if TYPE_CHECKING:
    from smelt_runtime.line_profiler import LineProfiler
    from smelt_runtime.outcome import Outcome

SIGINT = _signal.SIGINT
BUILTINS = vars(builtins)
KEPT_BUILTINS = BUILTINS.copy()
FAULTS = 5
"""The descriptor on which a kernel that crashes leaves Python's traceback (faulthandler)."""


MOST_FAILURES = 20
"""Requests in a row that could not be read, as when no memory is left, before the kernel gives up."""
LAST_WAIT = 2
"""Seconds that threads and exit functions of cells have when the kernel ends."""


class Kernel:
    """One interpreter with one namespace."""

    def __init__(self) -> None:
        self._channel = Channel()
        self._faults = faults_descriptor()
        self._outputs = CellOutputs(self._channel)
        self._input = UserInput(self._channel)
        self._sources = SourceLines()
        self._cell = 0
        self._status: str | None = None
        self._open = False
        self._running = False
        self._deferring = False
        self._interrupted_early = False
        main = ModuleType("__main__")
        sys.modules["__main__"] = main
        self._namespace = main.__dict__
        self._shell = self._make_shell()
        self._measurement = Measurement(self._shell.namespace)
        self._profiler: LineProfiler | None = None
        self._timed = Timed(self._begin, self._end)
        self._later = [*self._shell.parts_for_later(), *parts_for_later()]

    def _make_shell(self) -> Any:
        if importlib.util.find_spec("IPython") is not None:
            try:
                from smelt_runtime.shell_ipython import IPythonShell

                os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
                return IPythonShell(self._namespace, self._sources, self._display, self._clear_output)
            except Exception as error:
                self._channel.send({"type": "log", "text": f"IPython is not used: {error!r}"})
        os.environ.setdefault("MPLBACKEND", "agg")
        from smelt_runtime.shell_standard import StandardShell

        shell = StandardShell(self._namespace, self._sources)
        self._namespace["display"] = self._display_value
        return shell

    def _listen(self) -> None:
        """Take interrupts and faults, whatever a cell has done with them."""
        _signal.signal(SIGINT, self._on_interrupt)
        if hasattr(_signal, "pthread_sigmask"):
            _signal.pthread_sigmask(_signal.SIG_UNBLOCK, (SIGINT,))
        if self._faults is not None:
            faulthandler.enable(self._faults)

    def run(self) -> int:
        """Answer requests until the editor goes away or says shutdown."""
        self._listen()
        self._outputs.install()
        self._send_ready()
        failures = 0
        while failures < MOST_FAILURES:
            try:
                # Behind the end of a cell, where nobody waits for it.
                self._listen()
                self._outputs.reopen()
                request = self._next_request()
                failures = 0
                if request is None or request.get("type") == "shutdown":
                    return 0
                self._answer(request)
            except Shutdown:
                return 0
            except KeyboardInterrupt:
                # Came between two cells: there is nothing to interrupt.
                continue
            except BaseException as error:
                failures += 1
                self._failed(error)
        return 1

    def _send_ready(self) -> None:
        self._channel.send(
            {
                "type": "ready",
                "protocol": PROTOCOL,
                "nonce": self._channel.nonce,
                "pid": getpid(),
                "python": sys.version.split()[0],
                "arch": architecture(),
                "translated": is_translated(),
                "executable": sys.executable,
                "shell": self._shell.name,
                "versions": installed_versions(),
            }
        )

    def _next_request(self) -> dict[str, Any] | None:
        if self._input.backlog:
            return self._input.backlog.pop(0)
        while self._later and not self._channel.has_request(QUIET):
            # What cannot be loaded now says so to whoever needs it.
            with suppress(Exception):
                self._later.pop(0)()
        return self._channel.receive()

    def _answer(self, request: dict[str, Any]) -> None:
        if request.get("type") != "execute":
            self._answer_question(request)
            return
        try:
            cell, code = int(request["id"]), str(request["code"])
            filename, line = str(request["filename"]), int(request["line"])
            evaluate, profiled = bool(request.get("evaluate", True)), request.get("mode") == "profile"
        except (KeyError, TypeError, ValueError) as error:
            self._log(f"execute request without {error}")
            return
        self._cell, self._open = cell, True
        self._measurement.reset(code, evaluate=evaluate)
        self._profiler = profiler_of(self._measurement, filename, code, line) if profiled else None
        self._execute(cell, code, filename, line)

    def _answer_question(self, request: dict[str, Any]) -> None:
        """What is asked between cells; the answer to an input() that is over is none."""
        if request.get("type") == "input_reply":
            return
        if request.get("type") == "attach":
            self._attach(int(request["id"]))
            return
        self._measurement.forget_sample()
        try:
            event = answer(request, self._shell)
        except (KeyError, TypeError, ValueError) as error:
            self._log(f"{request.get('type')} request without {error}")
            return
        if event is None:
            self._log(f"unknown request type {request.get('type')!r}")
        else:
            self._channel.send(event)

    def _attach(self, request: int) -> None:
        """Tell an editor that has come to a running kernel what it is and how far it has got."""
        self._send_ready()
        event = {"type": "attached", "id": request, "cell": self._cell, "status": self._status}
        self._channel.send(event)

    def _failed(self, error: BaseException) -> None:
        """A defect of ours, or what user code has done to Python: its cell ends, the kernel goes on."""
        # A cell may have taken len() from everyone.
        BUILTINS.update(KEPT_BUILTINS)
        self._log(f"the kernel itself failed: {error!r}")
        if self._open:
            event = error_event(self._cell, error, "")
            self._channel.send({**event, "evalue": f"{event['evalue']} (in Smelt's kernel)"})
            self._done("error")

    def _done(self, status: str) -> None:
        self._status = status
        self._channel.send({"type": "done", "id": self._cell, "status": status})
        self._open = False

    def _execute(self, cell: int, code: str, filename: str, line: int) -> None:
        self._outputs.install()
        self._input.install(cell)
        outcome: Outcome | None = None
        error: BaseException | None = None
        self._deferring, self._interrupted_early = True, False
        self._running = True
        try:
            self._channel.send(
                {"type": "started", "id": cell, "execution_count": self._shell.execution_count + 1}
            )
            outcome = self._shell.run(code, filename, line, self._timed)
            failure = self._measurement.settle(outcome)
            error = failure if outcome.error is None else outcome.error
        except KeyboardInterrupt as interrupt:
            error = interrupt
        finally:
            self._running = self._deferring = False
        if not self._channel.owns_process():
            # A fork that ran into the end of its cell: it must not read the kernel's requests.
            leave(0)
        # By its type: an error may answer even `isinstance` with another error.
        if type(error) is Shutdown:
            raise error
        interrupted = issubclass(type(error), KeyboardInterrupt)
        # Before anything is shown: the text of a tensor on the GPU is work for the GPU.
        report = self._measurement.report(interrupted=interrupted)
        self._outputs.install()
        self._show_figures()
        if outcome is not None and error is None and outcome.has_result:
            self._show(cell, outcome.result)
            self._measurement.forget_sample()
        if error is not None:
            self._channel.hold(error_event(cell, error, filename))
        if self._profiler is not None:
            self._channel.hold({"type": "profile", "id": cell, **self._profiler.profile()})
        self._channel.hold({"type": "report", "id": cell, **report})
        status = "interrupted" if interrupted else "error" if error is not None else "ok"
        self._done(status)
        self._shell.after()

    def _begin(self) -> None:
        """The cell's own code begins. It is timed from idle devices to idle devices."""
        self._measurement.begin()
        if self._profiler is not None:
            self._profiler.start()
        self._deferring = False
        if self._interrupted_early:
            raise KeyboardInterrupt

    def _end(self) -> None:
        if self._profiler is not None:
            self._profiler.stop()
        self._measurement.returned()

    def _show_figures(self) -> None:
        """IPython's matplotlib backend shows its own; the standard shell asks for them."""
        if self._shell.name != "standard" or "matplotlib.pyplot" not in sys.modules:
            return
        from smelt_runtime.figures import take_figures

        try:
            for data in take_figures():
                self._display(data, {}, None)
        except Exception as error:
            self._log(f"a figure could not be shown: {error!r}")

    def _show(self, cell: int, value: object) -> None:
        # The repr of a value is user code too: it can be interrupted.
        self._running = True
        try:
            data, metadata = self._shell.mime_bundle(value)
            result = {"type": "result", "id": cell, "data": data, "metadata": metadata}
            self._channel.hold({**result, "summary": summary_of(value)})
        except BaseException as error:
            # Its repr may as well call sys.exit().
            self._log(f"the result could not be shown: {error!r}")
        finally:
            self._running = False

    def _display(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any],
        display_id: object,
        update: bool = False,  # noqa: FBT001, FBT002 - IPython's call
    ) -> None:
        self._channel.send(
            {
                "type": "display",
                "id": self._cell,
                "data": data,
                "metadata": metadata,
                "display_id": None if display_id is None else str(display_id),
                "update": update,
            }
        )

    def _display_value(self, *values: object) -> None:
        """`display()` for interpreters without IPython."""
        for value in values:
            data, metadata = self._shell.mime_bundle(value)
            self._display(data, metadata, None)

    def _clear_output(self, wait: bool) -> None:  # noqa: FBT001 - IPython's signature
        self._channel.send({"type": "clear_output", "id": self._cell, "wait": bool(wait)})

    def _on_interrupt(self, _signal: int, _frame: object) -> None:
        if not self._running or not self._channel.owns_process():
            return
        if self._deferring:
            # IPython's own preparations would swallow it: the cell's code meets it.
            self._interrupted_early = True
        else:
            self._channel.interrupt()

    def _log(self, text: str) -> None:
        self._channel.send({"type": "log", "text": text})


def faults_descriptor() -> int | None:
    """Where faulthandler writes; None when the editor has passed no descriptor for it."""
    try:
        return move(FAULTS)
    except OSError:
        return None


def profiler_of(measurement: Measurement, filename: str, code: str, line: int) -> LineProfiler:
    """Loaded with the first cell that is profiled."""
    from smelt_runtime.line_profiler import LineProfiler

    return LineProfiler(measurement, filename, code, line)


def hide_runtime_folder() -> None:
    """User code does not see the folder that Smelt came from; Smelt's own package still finds its parts."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != folder]
    kept = [
        entry
        for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep)
        if entry and os.path.abspath(entry) != folder
    ]
    if kept:
        os.environ["PYTHONPATH"] = os.pathsep.join(kept)
    else:
        os.environ.pop("PYTHONPATH", None)


def leave_soon(status: int) -> None:
    """End the process: Python waits for the threads that cells have left, which may go on for ever."""
    sleep(LAST_WAIT)
    leave(status)


def collect_garbage_from_now_on() -> None:
    """Of what cells make: all that the start has made becomes old unlooked at."""
    # A collection of it would be part of some cell's time.
    gc.freeze()
    gc.unfreeze()
    gc.enable()


def run_kernel(folder: str | None, child: int | None) -> int:
    """Run until the editor goes away; the process's exit code. `child` has ended, and is waited for.

    The editor starts the kernel in Smelt's own folder and names the folder of the user's code:
    a typing.py or random.py there would otherwise be imported by the kernel itself.
    """
    hide_runtime_folder()
    kernel = Kernel()
    collect_garbage_from_now_on()
    if child is not None:
        os.waitpid(child, 0)
    if folder is not None:
        os.chdir(folder)
    # "" follows os.chdir, as in a notebook; `-m` has put the working folder there by name.
    sys.path[:] = ["", *(entry for entry in sys.path if entry not in ("", os.getcwd()))]
    status = kernel.run()
    with suppress(RuntimeError):
        start_new_thread(leave_soon, (status,))
    return status
