# SPDX-License-Identifier: MIT
"""A way to a board that does something to what passes."""

from __future__ import annotations

import contextlib
import socket
import threading


class Proxy:
    """Accepts connections for a port; what becomes of each is up to subclasses."""

    def __init__(self, target: int) -> None:
        """Listens on a port of its own."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def serve(self, client: socket.socket, server: socket.socket) -> None:
        """Passes on what both sides say, until it returns or raises OSError. In its own thread."""
        raise NotImplementedError

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                threading.Thread(target=self._connect, args=[client], daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            client,
            socket.create_connection(("127.0.0.1", self._target)) as server,
        ):
            self.serve(client, server)
