# SPDX-License-Identifier: MIT
"""Proxies that delay or cut connections to a board."""

from __future__ import annotations

import contextlib
import queue
import random
import select
import socket
import threading
import time

QUIET = 0.02  # seconds of silence after which one side counts as waiting for the other


class Proxy:
    """Accepts connections for a port. Subclasses pass the data on."""

    def __init__(self, target: int) -> None:
        """Listens on a port of its own."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stops accepting connections."""
        self._listener.close()

    def serve(self, client: socket.socket, server: socket.socket) -> None:
        """Passes on what both sides send until it returns or raises OSError. Its own thread."""
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
    """Cuts each connection at any byte, after some hundred bytes of the answer."""

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


class DelayingProxy(Proxy):
    """Passes everything on after a time, as a long wire does. Nothing else limits it."""

    def __init__(self, target: int, delay_s: float) -> None:
        """Listens on a port of its own."""
        self._delay_s = delay_s
        super().__init__(target)

    def serve(self, client: socket.socket, server: socket.socket) -> None:
        """See Proxy."""
        back = threading.Thread(target=self._pass, args=[server, client], daemon=True)
        back.start()
        self._pass(client, server)
        back.join()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        wire: queue.Queue[tuple[float, bytes]] = queue.Queue()
        threading.Thread(target=self._deliver, args=[wire, target], daemon=True).start()
        data = b"-"
        while data:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            wire.put((time.monotonic() + self._delay_s, data))

    def _deliver(self, wire: queue.Queue[tuple[float, bytes]], target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = wire.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)


class LockStepProxy(Proxy):
    """Passes on what one side sends once it pauses, and then what the other side answers.

    So each round trip of a protocol takes time, as on a slow connection. All data that a side
    sends without waiting for the other counts as one trip.
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
        """Returns what a side sends until it pauses."""
        said = b""
        while select.select([side], [], [], QUIET)[0]:
            piece = side.recv(65536)
            if not piece:
                raise ConnectionResetError
            said += piece
        return said
