# SPDX-License-Identifier: MIT
"""A client that speaks HTTP byte by byte."""

from __future__ import annotations

import contextlib
import select
import socket
import struct

from .waiting import PATIENCE


class Closed(AssertionError):
    """The connection has ended before the expected data came."""


class Response:
    """One response, unchanged."""

    def __init__(self, status: str, headers: list[tuple[str, str]]) -> None:
        """Takes status and headers. The body is set later."""
        self.status = status
        self.code = int(status.split()[0])
        self.headers = headers
        self.body = b""

    def header(self, name: str) -> str | None:
        """Value of the only header of that name."""
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        assert len(values) <= 1, values
        return values[0] if values else None

    @property
    def undated(self) -> list[tuple[str, str]]:
        """The headers but Date, which may be another second's in another response."""
        return [header for header in self.headers if header[0] != "Date"]

    @property
    def text(self) -> str:
        """The body, decoded."""
        return self.body.decode()

    @property
    def keeps_alive(self) -> bool:
        """Whether the server keeps the connection."""
        return self.header("Connection") != "close"


class HttpClient:
    """A TCP connection that sends and reads exactly the given bytes."""

    RESET_IS_AN_END = False
    """Whether a reset counts as the end of the stream. If not, it raises."""

    def __init__(
        self, port: int, receive_buffer: int = 0, host: str = "127.0.0.1", source: str = ""
    ) -> None:
        """Connects, from an address of this machine.

        With a small receive buffer the server notices a slow reader early.
        """
        self.sock = socket.socket()
        if source:
            self.sock.bind((source, 0))
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(PATIENCE)
        self.sock.connect((host, port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = bytearray()
        """Bytes that have come and were not read yet."""

    def __enter__(self) -> HttpClient:
        """Returns itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connection."""
        self.close()

    def close(self) -> None:
        """Closes the connection."""
        self.sock.close()

    def reset(self) -> None:
        """Ends the connection without a word: the server sees a reset."""
        at_once = struct.pack("ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.close()

    def send(self, data: bytes | str) -> None:
        """Sends bytes, or text as UTF-8."""
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def finish_sending(self) -> None:
        """Ends the sending direction."""
        self.sock.shutdown(socket.SHUT_WR)

    def receive(self, size: int = 65536) -> bytes:
        """Some bytes; b'' at the end of the stream."""
        try:
            return self.sock.recv(size)
        except ConnectionResetError:
            if self.RESET_IS_AN_END:
                return b""
            raise

    def has_more(self) -> bool:
        """Waits until there is something to read; False at the end of the stream."""
        if not self.pending:
            self.pending += self.receive()
        return bool(self.pending)

    def _receive_more(self, wanted: str) -> None:
        data = self.receive()
        if not data:
            raise Closed(f"closed after {bytes(self.pending[-200:])!r}, waiting for {wanted}")
        self.pending += data

    def _take(self, size: int) -> bytes:
        taken = bytes(self.pending[:size])
        del self.pending[:size]
        return taken

    def read_until(self, end: bytes) -> bytes:
        """Bytes up to and with `end`."""
        while (at := self.pending.find(end)) < 0:
            self._receive_more(repr(end))
        return self._take(at + len(end))

    def read_exactly(self, n: int) -> bytes:
        """Exactly n bytes."""
        while len(self.pending) < n:
            self._receive_more(f"{n} bytes, {len(self.pending)} are here")
        return self._take(n)

    def read_to_end(self) -> bytes:
        """All bytes until the server closes."""
        while data := self.receive():
            self.pending += data
        return self._take(len(self.pending))

    def head(self) -> Response:
        """The head of the next response. Its body is not read."""
        lines = self.read_until(b"\r\n\r\n").decode().split("\r\n")
        version, status = lines[0].split(" ", 1)
        assert version == "HTTP/1.1"
        return Response(status, [tuple(line.split(": ", 1)) for line in lines[1:] if line])

    def response(self, bodyless: bool = False) -> Response:
        """The next response, framed as RFC 9112 section 6.3 says."""
        response = self.head()
        length = response.header("Content-Length")
        if bodyless or response.code in (204, 304) or response.code < 200:
            return response
        if response.header("Transfer-Encoding") == "chunked":
            assert length is None
            response.body = self._chunks()
        elif length is not None:
            response.body = self.read_exactly(int(length))
        else:
            response.body = self.read_to_end()
        return response

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.read_until(b"\r\n"), 16):
            body += self.read_exactly(size)
            assert self.read_exactly(2) == b"\r\n"
        assert self.read_exactly(2) == b"\r\n"
        return bytes(body)

    def request(
        self, target: str, method: str = "GET", headers: str = "", body: bytes = b""
    ) -> Response:
        """Sends a whole request and reads its response. `headers` are lines with CRLF."""
        self.send(whole_request(target, method, headers, body))
        return self.response(bodyless=method == "HEAD")

    def is_closed(self) -> bool:
        """Waits for the server to close in good order; False if it sends something instead."""
        return not self.pending and self.receive() == b""

    def is_gone(self) -> bool:
        """Waits until the server closes, in whatever way, and ignores what it sends."""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            self.read_to_end()
        return True

    def is_silent(self, seconds: float = 0.2) -> bool:
        """Nothing arrives and nobody closes for that long."""
        return not self.pending and not select.select([self.sock], [], [], seconds)[0]

    def segments_received(self) -> int:
        """TCP segments with data that have come so far (tcpi_data_segs_in of Linux)."""
        info = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)
        return int(struct.unpack_from("I", info, 152)[0])


def whole_request(target: str, method: str = "GET", headers: str = "", body: bytes = b"") -> bytes:
    """A request with a body, and its length."""
    if body:
        headers += f"Content-Length: {len(body)}\r\n"
    return f"{method} {target} HTTP/1.1\r\nHost: test\r\n{headers}\r\n".encode() + body
