# SPDX-License-Identifier: MIT
"""A way to a board that counts how often the one side has to wait for the other."""

from __future__ import annotations

import contextlib
import select
import socket
import threading

QUIET = 0.02  # seconds of silence after which one side is taken to wait for the other


class LockStepProxy:
    """Passes on what one side says when it has said all of it, then what the other one answers.

    So each round trip of a protocol is one here, as on a way that is long: what a side says
    without waiting for the other counts as one, however much it is.
    """

    def __init__(self, target: int) -> None:
        """Listens on a port of its own for connections, one at a time."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.round_trips = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                with (
                    self._listener.accept()[0] as client,
                    socket.create_connection(("127.0.0.1", self._target)) as server,
                    contextlib.suppress(OSError, EOFError),
                ):
                    self._serve(client, server)

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        while True:
            select.select([client, server], [], [])
            asked = self._all_of(client)
            self.round_trips += bool(asked)
            server.sendall(asked)
            client.sendall(self._all_of(server))

    def _all_of(self, side: socket.socket) -> bytes:
        """What it says until it is quiet."""
        said = b""
        while select.select([side], [], [], QUIET)[0]:
            piece = side.recv(65536)
            if not piece:
                raise EOFError
            said += piece
        return said
