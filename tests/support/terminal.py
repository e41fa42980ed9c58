# SPDX-License-Identifier: MIT
"""A WebREPL client that types and reads, and never sleeps."""

from __future__ import annotations

import time

from websockets.sync.client import ClientConnection, connect

PATIENCE = 30


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
        self._connection.__exit__(None, None, None)

    def send(self, text: str) -> None:
        """Sends one text message."""
        self.socket.send(text)

    def expect(self, text: str, patience: float = PATIENCE) -> str:
        """Waits for `text`; returns and forgets what was shown up to its end."""
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
        """Runs a line at the friendly prompt; returns what it printed."""
        self.send(line + "\r")
        self.expect(line + "\r\n")
        return self.expect(">>> ")[: -len(">>> ")]

    def enter_raw(self) -> None:
        """Enters raw mode, whatever went on before."""
        self.send("\r\x03\x03")
        self.send("\x01")
        self.expect("raw REPL; CTRL-B to exit\r\n>")

    def run_raw(self, code: str, patience: float = PATIENCE) -> tuple[str, str]:
        """Runs code in raw mode; returns its output and its traceback."""
        self.send(code + "\x04")
        self.expect("OK", patience)
        output = self.expect("\x04", patience)[:-1]
        error = self.expect("\x04", patience)[:-1]
        self.expect(">")
        return output, error
