# SPDX-License-Identifier: MIT
"""A desktop board: the firmware in a directory of its own, with a terminal on a pty."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = Path(os.environ.get("FIRMWARE", ROOT / "build" / "host" / "micropython"))
PATIENCE = 30  # seconds until a test gives up waiting for something that should come at once


class Board:
    """A running firmware. `port` is what the program printed as "PORT <number>"."""

    def __init__(self, program: str, directory: Path) -> None:
        """Starts `program`, then the prompt, in `directory`; returns when it has its port."""
        self.directory = directory
        (directory / "program.py").write_text(program)
        self._output = b""
        self._master, terminal = pty.openpty()
        attributes = termios.tcgetattr(terminal)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(terminal, termios.TCSANOW, attributes)
        self._process = subprocess.Popen(
            [str(FIRMWARE), "-i", "program.py"],
            cwd=directory,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm"},
        )
        os.close(terminal)
        match = re.search(rb"PORT (\d+)", self.expect(rb"PORT \d+\s"))
        assert match
        self.port = int(match[1])

    @property
    def host(self) -> str:
        """Address and port, as in a URL."""
        return f"127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether the firmware has not ended."""
        return self._process.poll() is None

    def type(self, text: str) -> None:
        """Types on the board's own terminal."""
        os.write(self._master, text.encode())

    def expect(self, pattern: bytes) -> bytes:
        """Waits until the terminal has shown `pattern`; returns and forgets all up to its end."""
        end = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self._output)):
            left = end - time.monotonic()
            ready = left > 0 and select.select([self._master], [], [], left)[0]
            assert ready, f"no {pattern!r} on the terminal, but {self._output!r}"
            try:
                self._output += os.read(self._master, 65536)
            except OSError as error:
                raise AssertionError(f"the board has ended: {self._output!r}") from error
        shown, self._output = self._output[: match.end()], self._output[match.end() :]
        return shown

    def close(self) -> None:
        """Ends the firmware and reports how it ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._drain_until_end()
        finally:
            if self.is_running:
                self._process.kill()
            self._process.wait()
            os.close(self._master)

    def _drain_until_end(self) -> None:
        """A firmware that writes its last words must find a reader."""
        end = time.monotonic() + PATIENCE
        while self.is_running and time.monotonic() < end:
            if select.select([self._master], [], [], 0.05)[0]:
                with contextlib.suppress(OSError):
                    os.read(self._master, 65536)
        assert not self.is_running, "the board does not end on SIGTERM"
