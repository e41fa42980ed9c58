# SPDX-License-Identifier: MIT
"""A WebSocket for long and many messages: sends and reads at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from tests.support.websocket import (
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    WebSocket,
    code_and_reason,
    frame,
    handshake,
)


class Wire(WebSocket):
    """A connection after its handshake, whose frames are read one by one."""

    def __init__(self, port: int, url: str) -> None:
        """Connects."""
        super().__init__(port)
        self.shake_hands(handshake(url))
        self._opcode = 0  # of the message that has begun to come
        self._parts: list[bytes] = []
        self.interleaved: list[tuple[int, bytes]] = []
        """Control frames that came while a message was read."""

    def send_chopped(self, data: bytes, chop: int) -> None:
        """Sends bytes in writes of that many; 0 for one write."""
        for at in range(0, len(data), chop or max(len(data), 1)):
            self.send(data[at : at + chop] if chop else data)

    def send_beside(self, pieces: Iterable[bytes]) -> threading.Thread:
        """Sends in the background. The caller joins the thread."""
        thread = threading.Thread(target=lambda: [self.send(piece) for piece in pieces])
        thread.start()
        return thread

    def message(self) -> tuple[int, bytes]:
        """Opcode and payload of the next message, perhaps one that pong() has read.

        Control frames are kept for later.
        """
        for kind, payload, final in self.frames():
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
        for kind, payload, _ in self.frames():
            assert kind < CLOSE, (kind, payload)
            self._take_piece(kind, payload)
            if sum(map(len, self._parts)) >= size:
                return b"".join(self._parts)
        raise AssertionError("the connection has ended")

    def pong(self) -> bytes:
        """The payload of the next pong, even in the middle of a message."""
        for kind, payload, _ in self.frames():
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
        """Code and reason of the close frame, which must be last, without a message before."""
        for kind, payload, final in self.frames():
            if kind == CLOSE:
                assert not self.has_more(), "something comes behind the close frame"
                return code_and_reason(payload)
            assert not final, (kind, payload)
        raise AssertionError("the connection has ended without a close frame")

    def end_in_order(self, code: int = 1000) -> None:
        """Closes, and gets the answer."""
        self.send(frame(CLOSE, code.to_bytes(2, "big")))
        assert self.end() == (code, b"")


def ping(payload: bytes = b"") -> bytes:
    """A ping of a client."""
    return frame(PING, payload)
