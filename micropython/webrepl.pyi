# SPDX-License-Identifier: MIT
"""WebREPL: the interactive prompt over the network.

A client opens a WebSocket, gives the password and has the prompt; it can also transfer files. A
browser that opens `http://<board>:8266/` gets a terminal page from the board itself. One client at
a time holds the terminal.

Example::

    import webrepl

    webrepl.start(password='changeme')

The server works in threads of its own: clients log in, interrupt the program and transfer files
whatever Python does meanwhile. Only a program that wants to accept connections itself gives
start() an `accept_handler`; then sessions are served as far as Python comes to it.
"""

from collections.abc import Callable
from typing import Annotated

_Text = str | bytes | bytearray | memoryview
_Accept = Callable[[object], object]

DEBUG: int = 0
"""Not 0: requests and handshakes are shown on sys.stdout, with all that stands in them."""

static_host: str = "https://micropython.org/webrepl/"
"""Where send_html() takes the terminal page from, ending with a slash. With any other value the
server, too, hands out a page that loads it from there, instead of the board's own. `BASE` of the
module webrepl_cfg sets it."""

listen_s: object | None = None
"""What start() listens on, None when nothing is started. With an `accept_handler` it is the
listening socket; without, an object with port() and close()."""

client_s: object | None = None
"""Who is connected, None without a client. After accept_conn() it is the client's socket; else,
while somebody is logged in, an object with remote(), the address, and close()."""

def accept_conn(listen_sock: object) -> bool:
    """Accepts a connection and begins a session on it: for an `accept_handler`.

    Waits for the client's request, 10 s for each line of it. Whoever asks for no WebSocket is
    answered by send_html(). The session is given to `os.dupterm()`: Python has to wait for input
    for a client to log in, type, interrupt or transfer files. A program that is busy or sleeps
    sees nothing of it, not even Ctrl-C, but nothing is lost either: what has come meanwhile is
    read when it waits. The socket is the program's, so no other thread may read from it, and
    `os.dupterm_notify()` loses what does not fit its buffer. Whoever wants sessions that do not
    depend on the program leaves accepting to the firmware.

    Args:
        listen_sock: A listening socket on which a connection waits.

    Returns:
        True: a session has begun. False: the connection was closed; the request was another one,
        or broken, or somebody holds the terminal, be it through `os.dupterm()` or the network.

    Raises:
        OSError: No connection could be accepted.
    """

def server_handshake(cl: object) -> bool:
    """Reads a request and, if it is for a WebSocket, answers it.

    Nothing behind the request is read.

    Args:
        cl: A socket or another stream that blocks.

    Returns:
        True: the other side of `cl` speaks WebSocket from now on. False: it asked for something
        else, in at most 64 lines of 1024 bytes, and was not answered.

    Raises:
        OSError: As `cl` raises it.
    """

def send_html(cl: object) -> None:
    """Answers a request with a page that loads the terminal from `static_host`, and closes.

    Args:
        cl: A socket or another stream that blocks, after server_handshake() has returned False.

    Raises:
        OSError: As `cl` raises it.
    """

def start(
    port: Annotated[int, "0 to 65535"] = 8266,
    password: Annotated[_Text, "one line"] | None = None,
    accept_handler: _Accept | None = accept_conn,
) -> None:
    """Starts to listen for a client. A WebREPL that was started before is stopped first.

    Args:
        port: TCP port to listen on; 0 takes a free one, which `listen_s.port()` tells.
        password: What a client must type first; any length. None: `PASS` of the module
            webrepl_cfg is taken, which `import webrepl_setup` makes; when it cannot be imported a
            warning is printed and nothing is started.
        accept_handler: Called with the listening socket whenever a client connects. On boards the
            port calls it between two steps of the program, elsewhere a thread does. It may call
            accept_conn(). As it is by default, the firmware does all by itself. None: the same,
            but start() returns when a client has logged in.

    Raises:
        TypeError: An argument is of the wrong type; the message names it.
        ValueError: An argument is out of its range; the message names it.
        OSError: EADDRINUSE when somebody else listens on the port; EIO when the server could not
            start for another reason, which the log tells.
        RuntimeError: This firmware has no network terminal.
        MemoryError: There is not enough memory.
    """

def start_foreground(
    port: Annotated[int, "0 to 65535"] = 8266,
    password: Annotated[_Text, "one line"] | None = None,
) -> None:
    """Starts, and waits until a client has logged in. Ctrl-C ends the wait and the WebREPL.

    Args:
        port: As for start().
        password: As for start().

    Raises:
        TypeError: As for start().
        ValueError: As for start().
        OSError: As for start().
        RuntimeError: As for start().
        MemoryError: As for start().
    """

def stop() -> None:
    """Stops listening and disconnects the client, which is told to come back (1012).

    The port is free when it returns. A session that accept_conn() has begun is taken out of
    `os.dupterm()`; whatever else is there stays. Harmless when nothing was started.
    """
