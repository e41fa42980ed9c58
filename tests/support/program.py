# SPDX-License-Identifier: MIT
"""A MicroPython program that runs while a test talks to its servers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from httpx_sse import ServerSentEvent, connect_sse

from .http import HttpClient
from .paths import SANITIZED
from .screen import Screen
from .waiting import PATIENCE

LOOP = re.compile(r"\n(?=while True:\n|asyncio\.run\()")
LOG_LINE = re.compile(r"^[EWI] \(\d+\) .*\n", re.MULTILINE)  # lines that the server logs itself

ENVIRONMENT = {
    **os.environ,
    "TERM": "xterm",
    # The collector's heap, and threads that end with the process, are no leaks.
    "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
}


class Program(Screen):
    """A running program. Its terminal is a pty, so that it can also be left at the prompt."""

    def __init__(
        self, text: str, directory: Path, prompt: bool = False, firmware: Path = SANITIZED
    ) -> None:
        """Runs `text` in `directory`. With `prompt` the prompt follows at its end."""
        self.directory = directory
        path = directory / f"program{len(list(directory.iterdir()))}.py"
        path.write_text(text)
        self._port = 0
        super().__init__()
        tty.setraw(self.terminal)
        self._process = subprocess.Popen(
            [str(firmware), *(["-i"] if prompt else []), path.name],
            cwd=directory,
            stdin=self.terminal,
            stdout=self.terminal,
            stderr=self.terminal,
            start_new_session=True,
            env=ENVIRONMENT,
        )
        os.close(self.terminal)

    @property
    def port(self) -> int:
        """Waits until the program prints "PORT <number>". Returns the number."""
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

    @contextmanager
    def listen(self, path: str) -> Iterator[Iterator[ServerSentEvent]]:
        """Yields the events of a path."""
        with (
            httpx.Client(timeout=PATIENCE) as client,
            connect_sse(client, "GET", self.url(path)) as stream,
        ):
            yield stream.iter_sse()

    def connect(self, first: bytes | str = b"", receive_buffer: int = 0) -> HttpClient:
        """Opens a connection and sends the first bytes."""
        client = HttpClient(self.port, receive_buffer)
        client.send(first)
        return client

    def interrupt(self) -> None:
        """Sends the signal of Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def runs(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    def expect(self, pattern: str) -> str:
        """Waits as Screen does. Line ends are Python's."""
        return super().expect(pattern).replace("\r\n", "\n")

    def finish(self) -> str:
        """Waits until the program has ended without an error. Returns what it has printed.

        Lines that the server has logged are left out.
        """
        end = time.monotonic() + PATIENCE
        while self.receive(end):
            pass
        output = self.screen.replace("\r\n", "\n")
        output = LOG_LINE.sub("", output)
        try:
            status = self._process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"the program does not end: {output}") from error
        assert status == 0, f"status {status}: {output}"
        return output

    def close(self) -> None:
        """Ends the program, whatever it does."""
        self._process.kill()
        self._process.wait()
        os.close(self.master)


Run = Callable[..., Program]
"""The type of the fixture `run`: run(text, prompt=False)."""


def with_any_port(text: str, port: int = 8080) -> str:
    """A program that takes any port in place of `port`, says which, and stays until it is ended.

    It says so when everything is there: at its end, or before a loop that has none.
    """
    begin = "httpd = uhttpd.Server("
    assert text.count(f"{begin}{port}") == 1, "an example makes its server as its README says"
    text = text.replace(f"{begin}{port}", f"{begin}0")
    before, *loop = LOOP.split(text, maxsplit=1)
    return "\n".join([before, "print('PORT', httpd.port())", *loop, "input()\n"])
