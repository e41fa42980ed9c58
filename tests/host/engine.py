# SPDX-License-Identifier: MIT
"""A running engine_app, and a client that sends it words."""

from __future__ import annotations

import json
import select
import signal
import socket
import time
from pathlib import Path

from tests.support.process import LineProgram
from tests.support.waiting import PATIENCE, eventually


class Client:
    """A TCP connection. Every word but "end" and "fail" can be followed by another."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        """Connects."""
        self.sock = socket.create_connection((host, port), timeout=PATIENCE)
        self._answers = self.sock.makefile("r")

    def send(self, *words: str) -> None:
        """Sends words in one piece."""
        self.sock.sendall("".join(f"{word}\n" for word in words).encode())

    def answer(self) -> str:
        """The next line from the server; "" when it has closed."""
        try:
            return self._answers.readline().strip()
        except ConnectionResetError:
            return ""

    def ask(self, word: str) -> str:
        """Sends a word and waits for the answer."""
        self.send(word)
        return self.answer()

    def is_silent(self, seconds: float = 0.2) -> bool:
        """Nothing comes, not even the end."""
        return not select.select([self.sock], [], [], seconds)[0]

    def close(self) -> None:
        """Closes the connection."""
        self._answers.close()
        self.sock.close()


class Engine(LineProgram):
    """A running engine_app."""

    def __init__(self, program: Path, options: dict[str, object]) -> None:
        """Starts it, and waits until it listens or says why not."""
        super().__init__([program], options)
        self.died = False
        if self.greeting.startswith("port"):
            self.port = port_in(self.greeting)

    def counts(self) -> dict[str, int]:
        """How often each thing has happened."""
        return json.loads(self.command("counts"))

    def spins(self) -> bool:
        """The server task spins instead of waiting."""
        before = self.counts()["waits"]
        time.sleep(0.2)
        return self.counts()["waits"] > before + 100

    def await_count(self, name: str, value: int) -> None:
        """Waits until something has happened that often."""
        eventually(lambda: self.counts()[name] == value)

    def connect(self, host: str = "127.0.0.1") -> Client:
        """Opens a connection."""
        return Client(self.port, host)

    def ask(self, word: str) -> str:
        """The answer to a word on a connection of its own."""
        client = self.connect()
        try:
            return client.ask(word)
        finally:
            client.close()

    def dies(self, order: str) -> str:
        """Gives an order that makes it abort(). Returns its last words."""
        self.give(order)
        return self.last_words()

    def last_words(self) -> str:
        """Waits until it has called abort(). Returns what it has complained about."""
        self.died = self.process.wait(PATIENCE) == -signal.SIGABRT
        assert self.died
        return self.errors

    def finish(self) -> str:
        """Ends the program in order: each session must have ended once."""
        if self.died:
            return ""
        said = super().finish()
        last = json.loads(said.splitlines()[-1])
        assert last["opened"] == last["closed"] == last["freed"], last
        return said


def port_in(greeting: str) -> int:
    """Reads the port from the answer of start and another."""
    word, _, number = greeting.partition(" ")
    assert word == "port", greeting
    return int(number)
