# SPDX-License-Identifier: MIT
"""A WebSocket connection for long and many messages: sends and reads at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from .http_app import Client
from .ws_client import CLOSE, KEY, PING, PONG, frame, handshake

CONTINUATION = 0


class Wire:
    """A connection after its handshake, whose frames are read one by one."""

    def __init__(self, port: int, url: str) -> None:
        """Connects."""
        self._client = Client(port)
        self._client.send(handshake(url, key=KEY))
        response = self._client.head()
        assert response.code == 101, response.status
        self._buffer = bytearray(self._client.pending)
        self._at = 0
        self._opcode = 0  # of the message that has begun to come
        self._parts: list[bytes] = []
        self.interleaved: list[tuple[int, bytes]] = []
        """Control frames that came while a message was read."""

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()

    def send(self, data: bytes, chop: int = 0) -> None:
        """Sends bytes; with `chop` in writes of so many."""
        for at in range(0, len(data), chop or max(len(data), 1)):
            self._client.send(data[at : at + chop] if chop else data)

    def send_beside(self, pieces: Iterable[bytes]) -> threading.Thread:
        """Sends while something else is done; the thread is to be joined."""
        thread = threading.Thread(target=lambda: [self._client.send(piece) for piece in pieces])
        thread.start()
        return thread

    def frames(self) -> Iterator[tuple[int, bool, bytes]]:
        """Opcode, FIN and payload of each frame, until the connection ends."""
        while head := self._take(2):
            assert head[0] & 0x70 == 0, "reserved bits"
            assert head[1] < 128, "servers do not mask"
            length = head[1]
            if length >= 126:
                length = int.from_bytes(self._take(2 if length == 126 else 8), "big")
            yield head[0] & 0x0F, bool(head[0] & 0x80), self._take(length)

    def message(self) -> tuple[int, bytes]:
        """Opcode and payload of the next message, or of the one that pong() has met.

        Control frames are put aside.
        """
        for kind, final, payload in self.frames():
            if kind >= CLOSE:
                assert kind != CLOSE, f"closed: {payload!r}"
                self.interleaved.append((kind, payload))
            else:
                self._take_piece(kind, payload)
                if final:
                    opcode, message = self._opcode, b"".join(self._parts)
                    self._opcode, self._parts = 0, []
                    return opcode, message
        raise AssertionError("the connection has ended")

    def begin(self, size: int) -> bytes:
        """The first bytes of a message."""
        for kind, _, payload in self.frames():
            assert kind < CLOSE, (kind, payload)
            self._take_piece(kind, payload)
            if sum(map(len, self._parts)) >= size:
                return b"".join(self._parts)
        raise AssertionError("the connection has ended")

    def pong(self) -> bytes:
        """The payload of the next pong, also amid a message."""
        for kind, _, payload in self.frames():
            assert kind != CLOSE, f"closed: {payload!r}"
            if kind == PONG:
                return payload
            self._take_piece(kind, payload)
        raise AssertionError("the connection has ended")

    def _take_piece(self, kind: int, payload: bytes) -> None:
        assert (kind == CONTINUATION) == bool(self._opcode), "fragments of two messages"
        self._opcode = self._opcode or kind
        self._parts.append(payload)

    def end(self) -> tuple[int, bytes]:
        """Code and reason of the close frame, behind which nothing comes, and no whole message."""
        for kind, final, payload in self.frames():
            if kind == CLOSE:
                assert self._take(1) == b"", "something comes behind the close frame"
                return int.from_bytes(payload[:2], "big") if payload else 1005, payload[2:]
            assert not final, (kind, payload)
        raise AssertionError("the connection has ended without a close frame")

    def end_in_order(self, code: int = 1000) -> None:
        """Closes, and is answered."""
        self.send(frame(CLOSE, code.to_bytes(2, "big")))
        assert self.end() == (code, b"")

    def _take(self, n: int) -> bytes:
        """So many bytes; b'' when the connection ends instead."""
        while len(self._buffer) - self._at < n:
            data = self._client.receive(1 << 18)
            if not data:
                assert len(self._buffer) == self._at, "cut off"
                return b""
            if self._at > 1 << 20:
                del self._buffer[: self._at]
                self._at = 0
            self._buffer += data
        taken = bytes(self._buffer[self._at : self._at + n])
        self._at += n
        return taken


def ping(payload: bytes = b"") -> bytes:
    """A ping of a client."""
    return frame(PING, payload)
