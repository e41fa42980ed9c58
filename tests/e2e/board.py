# SPDX-License-Identifier: MIT
"""A desktop board: the firmware as users get it, in a directory of its own, at its prompt."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path

from tests.support.paths import SHIPPED
from tests.support.program import Program
from tests.support.waiting import PATIENCE


class Board(Program):
    """A running firmware with a server."""

    def __init__(self, program: str, directory: Path) -> None:
        """Starts `program` and then the prompt in `directory`. Waits for the port."""
        super().__init__(program, directory, prompt=True, firmware=SHIPPED)
        assert self.port

    @property
    def host(self) -> str:
        """Address and port, as in a URL."""
        return f"127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether the firmware runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """Ends the firmware, which must obey SIGTERM."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        try:
            while self.receive(end):
                pass  # a firmware that writes while it ends needs a reader
            self._process.wait(PATIENCE)
        finally:
            super().close()
