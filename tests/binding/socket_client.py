# SPDX-License-Identifier: MIT
"""Programs with WebSockets, and their clients."""

from __future__ import annotations

from collections.abc import Callable

from websockets.sync.client import ClientConnection, connect

from tests.support.program import Program
from tests.support.waiting import PATIENCE

PRELUDE = """
import gc, sys, time, _thread, uhttpd
httpd = uhttpd.Server(0, max_sockets=24)
def echo(ws, data):
    if data is None:
        print('OVER %d %r' % (ws.code(), ws.reason()))
    else:
        ws.send(data)
"""
START = "print('PORT', httpd.port())\n"
WAIT = START + "input()\n"


def open_socket(board: Program, url: str = "/ws", **options: object) -> ClientConnection:
    """A client without compression. The server would decline it anyway."""
    defaults = {
        "compression": None,
        "max_size": None,
        "open_timeout": PATIENCE,
        "close_timeout": 1,
    }
    return connect(f"ws://127.0.0.1:{board.port}{url}", **{**defaults, **options})


Sockets = Callable[..., ClientConnection]
