# SPDX-License-Identifier: MIT
"""WebREPL: the prompt and the files of a MicroPython board over the network.

    import webrepl_client

    with webrepl_client.connect("192.168.4.1", "secret") as board:
        print(board.eval("6 * 7"))
        board.write_bytes("/main.py", b"print('hello')")

`webrepl_client.aio.connect()`, of a module of its own, is the same for asyncio.
`webrepl_client.errors` lists what can go wrong. The command is `webrepl`.
"""

from . import errors
from .board import Board, connect
from .device import Options
from .errors import WebreplError
from .files import Entry, Space

__all__ = ["Board", "Entry", "Options", "Space", "WebreplError", "connect", "errors"]
__version__ = "0.1.0"
