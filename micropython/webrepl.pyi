# SPDX-License-Identifier: MIT
"""WebREPL: the interactive prompt over the network.

A client opens a WebSocket, gives the password and has the prompt; it can also transfer files. A
browser that opens `http://<board>:8266/` gets a terminal page from the board itself. One client at
a time holds the terminal.

Example::

    import webrepl

    webrepl.start(password='changeme')
"""

from typing import Annotated

_Text = str | bytes | bytearray | memoryview

def start(
    port: Annotated[int, "0 to 65535"] = 8266,
    password: Annotated[_Text, "without NUL"] | None = None,
) -> None:
    """Starts to listen for a client. A WebREPL that was started before is stopped first.

    Args:
        port: TCP port to listen on.
        password: What a client must type first; any length. None: `PASS` of the module
            `webrepl_cfg` is taken; without such a module a warning is printed and nothing is
            started.

    Raises:
        TypeError: An argument is of the wrong type; the message names it.
        ValueError: An argument is out of its range; the message names it.
        OSError: EADDRINUSE when somebody else listens on the port; EIO when the server could not
            start for another reason, which the log tells.
        RuntimeError: This firmware has no network terminal.
        MemoryError: There is not enough memory.
    """

def stop() -> None:
    """Stops listening and disconnects the client. Harmless when nothing was started."""
