"""input() and getpass() of user code, answered by the editor."""

from __future__ import annotations

import builtins
import getpass
from _thread import get_ident
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smelt_runtime.channel import Channel


class Shutdown(BaseException):
    """The editor asked the kernel to end while user code waited for input."""


class UserInput:
    """Asks the editor and waits on the main thread, so that an interrupt gets through."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._main = get_ident()
        self._cell = 0
        self.backlog: list[dict[str, Any]] = []

    def install(self, cell: int) -> None:
        """Take the place of input() and getpass() for this cell."""
        self._cell = cell
        builtins.input = self._input
        getpass.getpass = self._getpass

    def _input(self, prompt: object = "", /) -> str:
        return self._ask(str(prompt), password=False)

    def _getpass(self, prompt: str = "Password: ", stream: object = None) -> str:  # noqa: ARG002 - getpass's signature
        return self._ask(str(prompt), password=True)

    def _ask(self, prompt: str, *, password: bool) -> str:
        if get_ident() != self._main:
            # It would take the requests of the editor that the main thread waits for.
            raise RuntimeError("input() asks on the main thread only, and this is another")
        if not self._channel.owns_process():
            # It would take them from the kernel as well.
            raise EOFError("input() asks in the kernel's process only, and this is a child of it")
        question = {"type": "input_request", "id": self._cell, "prompt": prompt, "password": password}
        self._channel.send(question)
        while True:
            request = self._channel.receive()
            if request is None or request.get("type") == "shutdown":
                raise Shutdown
            if request.get("type") == "input_reply" and request.get("id") == self._cell:
                value = request.get("value")
                if value is None:
                    raise EOFError("the question was closed without an answer")
                return str(value)
            if request.get("type") == "attach":
                # The editor that was asked is gone; the one that takes its place knows nothing of it.
                self._channel.send(question)
            self.backlog.append(request)
