# SPDX-License-Identifier: MIT
"""A WebREPL client that types and reads, and never waits by the clock."""

from __future__ import annotations

import contextlib
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .waiting import PATIENCE


class Terminal:
    """A session that has seen the password prompt."""

    def __init__(self, url: str) -> None:
        """Connects."""
        self._connection = connect(url, max_size=None)
        self.socket: ClientConnection = self._connection.__enter__()
        self.shown = ""
        self.frames: list[str] = []

    def __enter__(self) -> Terminal:
        """Returns itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the session."""
        self.close()

    def close(self) -> None:
        """Closes the session."""
        self._connection.__exit__(None, None, None)

    def send(self, text: str) -> None:
        """Sends one text message."""
        self.socket.send(text)

    def expect(self, text: str, patience: float = PATIENCE) -> str:
        """Waits for `text`. Returns and forgets everything up to its end."""
        end = time.monotonic() + patience
        while (at := self.shown.find(text)) < 0:
            try:
                message = self.socket.recv(timeout=max(0, end - time.monotonic()))
            except TimeoutError:
                raise AssertionError(f"no {text!r} but {self.shown[-500:]!r}") from None
            assert isinstance(message, str), "the terminal speaks in text frames"
            assert message, "old clients take an empty frame for the end"
            self.frames.append(message)
            self.shown += message
        at += len(text)
        seen, self.shown = self.shown[:at], self.shown[at:]
        return seen

    def login(self, password: str) -> None:
        """Logs in."""
        self.expect("Password: ")
        self.send(password + "\r")
        self.expect("\r\nWebREPL connected\r\n>>> ")

    def run(self, line: str) -> str:
        """Runs a line at the friendly prompt. Returns what it prints."""
        self.send(line + "\r")
        self.expect(line + "\r\n")
        return self.expect(">>> ")[: -len(">>> ")]

    def enter_raw(self) -> None:
        """Enters raw mode, whatever happened before."""
        self.send("\r\x03\x03")
        self.send("\x01")
        self.expect("raw REPL; CTRL-B to exit\r\n>")

    def run_raw(self, code: str, patience: float = PATIENCE) -> tuple[str, str]:
        """Runs code in raw mode. Returns its output and its traceback."""
        self.send(code + "\x04")
        self.expect("OK", patience)
        output = self.expect("\x04", patience)[:-1]
        error = self.expect("\x04", patience)[:-1]
        self.expect(">")
        return output, error


def open_terminal(url: str, password: str) -> Terminal:
    """Opens a session that is logged in. Fails if the login is refused."""
    terminal = Terminal(url)
    try:
        terminal.login(password)
    except BaseException:
        terminal.close()
        raise
    return terminal


def close_code_of(connection: ClientConnection) -> int | None:
    """Waits for the end of a session, whatever comes before. Returns the code that closed it."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            connection.recv(PATIENCE)
    return connection.close_code
