# SPDX-License-Identifier: MIT
"""A desktop board: the firmware as it is shipped, in a directory of its own, at its prompt."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path

from tests.support.paths import SHIPPED
from tests.support.program import Program
from tests.support.waiting import PATIENCE


class Board(Program):
    """A running firmware whose program has its port."""

    def __init__(self, program: str, directory: Path) -> None:
        """Starts `program`, then the prompt, in `directory`; returns when it has its port."""
        super().__init__(program, directory, prompt=True, firmware=SHIPPED)
        assert self.port

    @property
    def host(self) -> str:
        """Address and port, as in a URL."""
        return f"127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether the firmware has not ended."""
        return self._process.poll() is None

    def close(self) -> None:
        """Ends the firmware, which must take SIGTERM for an order."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        try:
            while self.receive(end):
                pass  # a firmware that writes its last words must find a reader
            self._process.wait(PATIENCE)
        finally:
            super().close()
