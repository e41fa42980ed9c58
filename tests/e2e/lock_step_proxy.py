# SPDX-License-Identifier: MIT
"""A way to a board that counts how often the one side has to wait for the other."""

from __future__ import annotations

import select
import socket

from .proxy import Proxy

QUIET = 0.02  # seconds of silence after which one side is taken to wait for the other


class LockStepProxy(Proxy):
    """Passes on what one side says when it has said all of it, then what the other one answers.

    So each round trip of a protocol is one here, as on a way that is long: what a side says
    without waiting for the other counts as one, however much it is.
    """

    def __init__(self, target: int) -> None:
        """Listens on a port of its own."""
        self.round_trips = 0
        super().__init__(target)

    def serve(self, client: socket.socket, server: socket.socket) -> None:
        """See Proxy."""
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
                raise ConnectionResetError
            said += piece
        return said
