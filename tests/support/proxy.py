# SPDX-License-Identifier: MIT
"""Ways to a board that do something to what passes."""

from __future__ import annotations

import contextlib
import random
import select
import socket
import threading

QUIET = 0.02  # seconds of silence after which one side is taken to wait for the other


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


class CuttingProxy(Proxy):
    """Cuts each connection after some hundred bytes of answer, at any byte."""

    def __init__(self, target: int, seed: int = 1) -> None:
        """Listens on a port of its own."""
        self._random = random.Random(seed)
        self.cuts = 0
        super().__init__(target)

    def serve(self, client: socket.socket, server: socket.socket) -> None:
        """See Proxy."""
        most = self._random.randrange(200, 1500)
        server.sendall(client.recv(65536))
        while most and (data := server.recv(most)):
            client.sendall(data)
            most -= len(data)
        self.cuts += most == 0


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
