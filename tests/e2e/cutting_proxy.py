# SPDX-License-Identifier: MIT
"""A way to a board on which connections break, at any byte."""

from __future__ import annotations

import contextlib
import random
import socket
import threading


class CuttingProxy:
    """Passes TCP connections on to a port, and cuts each after some hundred bytes of answer."""

    def __init__(self, target: int, seed: int = 1) -> None:
        """Listens on a port of its own."""
        self._target = target
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                most = self._random.randrange(200, 1500)
                threading.Thread(target=self._serve, args=[client, most], daemon=True).start()

    def _serve(self, client: socket.socket, most: int) -> None:
        with (
            contextlib.suppress(OSError),
            client,
            socket.create_connection(("127.0.0.1", self._target)) as server,
        ):
            server.sendall(client.recv(65536))
            while most and (data := server.recv(most)):
                client.sendall(data)
                most -= len(data)
            self.cuts += most == 0
