# SPDX-License-Identifier: MIT
"""The parts of the module webrepl: the protocol over a stream, and the server in C.

This is for programs that accept connections themselves. All others use the module webrepl.

Example, with `connection` just upgraded to a WebSocket::

    import os, _webrepl

    _webrepl.password('changeme')
    connection.setblocking(False)
    os.dupterm(_webrepl._webrepl(_webrepl.WebSocket(connection)))
"""

from collections.abc import Callable, Iterable
from io import IOBase
from typing import Annotated

_Text = str | bytes | bytearray | memoryview
_Page = Callable[[], object]
_Trace = Callable[[object], object]

def password(password: Annotated[_Text, "one line"] | None) -> None:
    """Sets the password for clients of `_webrepl` objects that are made from now on.

    Args:
        password: Of any length. None: no client gets in, as at the beginning.

    Raises:
        TypeError: `password` is of the wrong type.
        ValueError: `password` is empty, or contains a line end or a NUL.
        MemoryError: There is not enough memory.
    """

class _webrepl(IOBase):
    """WebREPL over a stream: login, terminal and file transfer.

    This is a stream for `os.dupterm()`. Reading returns what the client types, and the client sees
    what is written. The object handles the protocol in between. Files are transferred within
    read(), with the same care as by webrepl.start(): whole or not at all, and with an error code.

    Any error of the stream below, or a wrong password, ends the session: from then on read()
    returns b'', the end of the file. Nothing raises.
    """

    def __init__(self, stream: object) -> None:
        """Asks the client for its password.

        Args:
            stream: A WebSocket, or another stream with read, write and ioctl. It should not block.
                A stream that cannot tell text from binary data (`ioctl()` with 8 and 9, as
                WebSocket has it) carries only the terminal.

        Raises:
            TypeError: `stream` is not such a stream.
            MemoryError: There are not 7 KB of memory left.
        """

    def read(self, size: int = -1, /) -> bytes | None:
        """Returns what the client has typed. Processes what has arrived, and never waits.

        Args:
            size: How many bytes at most.

        Returns:
            Input; None when there is none yet; b'' when the session is over.
        """

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:
        """As read(), into a buffer.

        Args:
            buffer: Receives at most its own length of bytes.

        Returns:
            How many bytes; None when there are none yet; 0 when the session is over.
        """

    def write(self, data: _Text, /) -> int:
        """Shows all of a text to the client. Before the login it is thrown away.

        A client that takes nothing for two seconds loses its session.

        Args:
            data: Text in UTF-8; other bytes are shown as U+FFFD.

        Returns:
            How many bytes.
        """

    def ioctl(self, request: int, argument: int, /) -> int:
        """Polls or closes.

        Args:
            request: 3 or 4 of MicroPython's stream protocol; others raise OSError (EINVAL).
            argument: Of the request.
        """

    def close(self) -> None:
        """Ends the session and closes the stream below. A transfer leaves nothing behind."""

    def __del__(self) -> None:
        """Frees the session if it was not closed."""

class WebSocket(IOBase):
    """The server's end of a WebSocket (RFC 6455), after the handshake.

    It is strict, except for what old WebREPL clients send: unmasked frames, and text of any bytes.
    It answers pings and close frames. Unlike `websocket.websocket` it accepts fragments and frames
    of any length, and no input can end the program.
    """

    def __init__(self, stream: object) -> None:
        """Wraps a connection.

        Args:
            stream: A socket or another stream with read, write and ioctl. It should not block.

        Raises:
            TypeError: `stream` is not such a stream.
        """

    def read(self, size: int = -1, /) -> bytes | None:
        """Returns what has arrived of messages, text or binary. Never waits.

        Args:
            size: How many bytes at most.

        Returns:
            Bytes of one kind of message; None when there are none yet; b'' after a close frame.

        Raises:
            OSError: As the connection raises it.
        """

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:
        """As read(), into a buffer.

        Args:
            buffer: Receives at most its own length of bytes.

        Returns:
            How many bytes; None when there are none yet; 0 after a close frame.

        Raises:
            OSError: As for read().
        """

    def write(self, data: _Text, /) -> int:
        """Sends one whole message. Waits for the client, but not for ever.

        Args:
            data: The message: text, unless `ioctl(9, 2)` was called.

        Returns:
            How many bytes.

        Raises:
            OSError: ETIMEDOUT if the client takes nothing for two seconds, ECONNRESET after the
                end, or as the connection raises it. The WebSocket is over then.
        """

    def ioctl(self, request: int, argument: int, /) -> int:
        """Polls, closes, or gets or sets the kind of message.

        Args:
            request: 3 or 4 of MicroPython's stream protocol; 8: returns the kind of the message
                that was read last, 1 for text and 2 for binary; 9: sets the kind of those that are
                written. Others raise OSError (EINVAL).
            argument: Of the request.
        """

    def close(self) -> None:
        """Sends a close frame and closes the connection.

        The code is 1012, "service restart", or 1008 if a `_webrepl` has refused the client.
        """

def serve(
    port: Annotated[int, "0 to 65535"],
    password: Annotated[_Text, "one line"],
    page: _Page,
    trace: _Trace,
    origins: Iterable[str] | None,
) -> int:
    """Starts the server in C, for webrepl.start(). There can be one at a time.

    Args:
        port: TCP port to listen on; 0 takes a free one.
        password: What a client must type first.
        page: Called in a separate thread for each request that is not for a WebSocket. Returns an
            HTML page as str; None: the terminal page of the firmware.
        trace: Called in the same thread for each request, with its head as bytes. Some are left
            out if they come too fast.
        origins: Other origins whose pages may connect, as of `uhttpd.Server()`. None: none.

    Returns:
        The port.

    Raises:
        TypeError: An argument is of the wrong type; the message names it.
        ValueError: An argument is out of its range; the message names it.
        OSError: EADDRINUSE if another program or server listens on the port, which its second
            argument names; EIO if the server could not start for another reason, which the log
            has.
        RuntimeError: This firmware has no network terminal.
        MemoryError: There is not enough memory.
    """

def end() -> None:
    """Stops the server of serve() and disconnects its client. Waits until the port is free."""

def remote() -> str | None:
    """Returns the address of the client that holds the terminal, None without one."""

def disconnect() -> None:
    """Disconnects the client that holds the terminal, whichever server it came through."""
