# SPDX-License-Identifier: MIT
"""A server that knows only the first edition of the protocol, and writes down what it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.support.waiting import PATIENCE


class Impostor:
    """Asks everybody for a password."""

    def __init__(self) -> None:
        """Nobody has come yet."""
        self.asked_for: list[str] = []
        self.heard = ""
        self.came = threading.Semaphore(0)

    def note(self, connection: ServerConnection, request) -> None:
        """Sees a request before it is answered."""
        self.asked_for.append(request.headers.get("Sec-WebSocket-Protocol", ""))
        self.came.release()

    def ask(self, connection: ServerConnection) -> None:
        """Shows the prompt; lets everybody in."""
        try:
            connection.send("Password: ")
            while not self.heard.endswith("\r"):
                self.heard += connection.recv()
            connection.send("\r\nWebREPL connected\r\n>>> ")
            connection.recv()
        except ConnectionClosed:
            pass


def listening(it: Impostor, port: int) -> Server:
    """Listens, as soon as whoever had the port has gone."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return serve(it.ask, "127.0.0.1", port, process_request=it.note)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@contextmanager
def impostor(port: int = 0) -> Iterator[tuple[Impostor, int]]:
    """Runs one; itself, and where it listens."""
    it = Impostor()
    with listening(it, port) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield it, server.socket.getsockname()[1]
        server.shutdown()
        thread.join()
