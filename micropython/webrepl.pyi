# SPDX-License-Identifier: MIT
"""WebREPL: the interactive prompt over the network.

A client opens a WebSocket, gives the password and gets the prompt. It can also transfer files. A
browser that opens `http://<board>:8266/` gets a terminal page from the board itself. One client at
a time holds the terminal.

Example::

    import webrepl

    webrepl.start(password='changeme')

The server runs in its own threads: clients log in, interrupt the program and transfer files
whatever Python is doing. Only a program that wants to accept connections itself gives start() an
`accept_handler`. Sessions are then served only while Python has time for them.
"""

from collections.abc import Callable, Iterable
from typing import Annotated

_Text = str | bytes | bytearray | memoryview
_Accept = Callable[[object], object]

DEBUG: int = 0
"""If not 0, requests and handshakes are printed to sys.stdout, with everything in them."""

static_host: str = "https://micropython.org/webrepl/"
"""Where send_html() loads the terminal page from, ending with a slash. With any other value the
server also sends a page that loads it from there, instead of the board's own page. `BASE` in the
module webrepl_cfg sets it."""

listen_s: object | None = None
"""What start() listens on; None when nothing is started. With an `accept_handler` it is the
listening socket. Without one it is an object with port() and close()."""

client_s: object | None = None
"""The client that is connected, None without one. After accept_conn() it is the client's socket.
Otherwise, while a client is logged in, it is an object with remote(), the address, and close()."""

def accept_conn(listen_sock: object) -> bool:
    """Accepts a connection and begins a session on it: for an `accept_handler`.

    Waits for the client's request, up to 10 s for each line. If the client does not ask for a
    WebSocket, send_html() answers it. The session is given to `os.dupterm()`: a client can log in,
    type, interrupt or transfer files only while Python waits for input. A program that is busy or
    sleeps sees nothing of the client, not even Ctrl-C. Nothing is lost, though: it is read when
    the program waits for input. The socket belongs to the program, so no other thread may read
    from it, and `os.dupterm_notify()` loses what does not fit into its buffer. If you want
    sessions that do not depend on the program, let the firmware accept connections.

    Args:
        listen_sock: A listening socket on which a connection waits.

    Returns:
        True: a session has begun. False: the connection was closed, because the request was for
        something else or broken, or because the terminal is held, through `os.dupterm()` or over
        the network.

    Raises:
        OSError: No connection could be accepted.
    """

def server_handshake(cl: object) -> bool:
    """Reads a request and, if it is for a WebSocket, answers it.

    Nothing after the request is read.

    Args:
        cl: A socket or another stream that blocks.

    Returns:
        True: the other side of `cl` speaks WebSocket from now on. False: it asked for something
        else, in at most 64 lines of 1024 bytes, and got no answer.

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
    origins: Iterable[str] | None = None,
) -> None:
    """Starts to listen for a client. First stops a WebREPL that was started before.

    Args:
        port: TCP port to listen on; 0 takes a free one, which `listen_s.port()` returns.
        password: What a client must type first; any length. None: `PASS` of the module
            webrepl_cfg, which `import webrepl_setup` makes. If that cannot be imported, a warning
            is printed and nothing is started.
        accept_handler: Called with the listening socket whenever a client connects. On boards the
            port calls it between two steps of the program; elsewhere a thread does. It may call
            accept_conn(). With the default, the firmware does everything by itself. None: the
            same, but start() returns when a client has logged in.
        origins: Other origins whose pages may connect, such as `['http://other.local']`: the page
            of that board can then show this one beside it. `'null'` is a page that was saved to a
            disk. None: `ORIGINS` of webrepl_cfg when its password is used, otherwise none. They
            are for the firmware's own server; an `accept_handler` decides by itself.

    Raises:
        TypeError: An argument is of the wrong type; the message names it.
        ValueError: An argument is out of its range; the message names it.
        OSError: EADDRINUSE if another program or server listens on the port, which its second
            argument names; EIO if the server could not start for another reason, which the log
            has.
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
    """Stops listening and disconnects the client with 1012, "service restart".

    The port is free when this returns. A session that accept_conn() has begun is taken out of
    `os.dupterm()`; anything else there stays. Harmless if nothing was started.
    """
