# SPDX-License-Identifier: MIT
"""A way to a board on which connections break, at any byte."""

from __future__ import annotations

import random
import socket

from .proxy import Proxy


class CuttingProxy(Proxy):
    """Cuts each connection after some hundred bytes of answer."""

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
