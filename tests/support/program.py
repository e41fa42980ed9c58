# SPDX-License-Identifier: MIT
"""A MicroPython program that runs while a test talks to its servers."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import socket
import subprocess
import time
import tty
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
BUILDS = [ROOT / "build" / kind / "micropython" for kind in ("host-asan", "host")]
FIRMWARE = Path(os.environ.get("FIRMWARE") or next(filter(Path.exists, BUILDS), BUILDS[-1]))
PATIENCE = 60  # seconds until a test gives up waiting for something that should come at once

LOG_LINE = re.compile(r"^[EWI] \(\d+\) .*\n", re.MULTILINE)  # what the server logs itself

ENVIRONMENT = {
    **os.environ,
    "TERM": "xterm",
    # The collector's heap and the threads that end with the process are no leaks of ours.
    "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
}


class Program:
    """A running program. Its terminal is a pty, so that it can also be left at the prompt."""

    def __init__(
        self, text: str, directory: Path, prompt: bool = False, firmware: Path = FIRMWARE
    ) -> None:
        """Starts `text` in `directory`; with `prompt` the prompt follows at its end."""
        self.directory = directory
        path = directory / f"program{len(list(directory.iterdir()))}.py"
        path.write_text(text)
        self._output = b""
        self._port = 0
        self._master, terminal = pty.openpty()
        tty.setraw(terminal)
        self._process = subprocess.Popen(
            [str(firmware), *(["-i"] if prompt else []), path.name],
            cwd=directory,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            env=ENVIRONMENT,
        )
        os.close(terminal)

    @property
    def port(self) -> int:
        """What the program has printed as "PORT <number>"; waits for that."""
        if not self._port:
            match = re.search(r"PORT (\d+)", self.expect(r"PORT \d+\s"))
            assert match
            self._port = int(match[1])
        return self._port

    def url(self, path: str) -> str:
        """The URL of a path on the program's server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> httpx.Response:
        """Requests a path on a connection of its own."""
        return httpx.get(self.url(path), timeout=PATIENCE)

    def connect(self, first: bytes) -> socket.socket:
        """Opens a connection and sends the first bytes."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.sendall(first)
        return connection

    def type(self, text: str) -> None:
        """Types on the program's terminal."""
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """What Ctrl-C at a terminal sends."""
        self._process.send_signal(signal.SIGINT)

    def expect(self, pattern: str) -> str:
        """Waits until the program has printed `pattern`; returns and forgets all up to its end."""
        end = time.monotonic() + PATIENCE
        while not (match := re.search(pattern.encode(), self._output)):
            assert self._receive(end), f"no {pattern!r} in {self._output.decode()}"
        shown, self._output = self._output[: match.end()], self._output[match.end() :]
        return shown.decode().replace("\r\n", "\n")

    def finish(self) -> str:
        """Waits until the program has ended by itself, well; returns what it has printed since.

        What the server has logged is left out.
        """
        end = time.monotonic() + PATIENCE
        while self._receive(end):
            pass
        output = self._output.decode(errors="replace").replace("\r\n", "\n")
        output = LOG_LINE.sub("", output)
        try:
            status = self._process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"the program does not end: {output}") from error
        assert status == 0, f"status {status}: {output}"
        return output

    def kill(self) -> None:
        """Ends the program, whatever it does."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _receive(self, end: float) -> bool:
        """Waits for output. False: the program has ended, or the time has."""
        left = end - time.monotonic()
        if left <= 0 or not select.select([self._master], [], [], left)[0]:
            return False
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self._output += piece
        return bool(piece)
