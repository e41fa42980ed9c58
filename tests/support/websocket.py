# SPDX-License-Identifier: MIT
"""A WebSocket client that can send anything, right or wrong."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from typing import NamedTuple

from .http import HttpClient

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

_NAMES = {
    "host": "Host",
    "connection": "Connection",
    "upgrade": "Upgrade",
    "version": "Sec-WebSocket-Version",
    "key": "Sec-WebSocket-Key",
    "protocol": "Sec-WebSocket-Protocol",
}
_PROPER: dict[str, str | None] = {
    "host": "test",
    "connection": "Upgrade",
    "upgrade": "websocket",
    "version": "13",
    "key": KEY,
}
_masks = random.Random(1)  # the same in each run, so that failures can be repeated


def handshake(url: str, *extra: str, **changed: str | None) -> str:
    """A valid request for an upgrade. `changed` replaces headers, or with None leaves them out."""
    headers = {**_PROPER, **changed}
    lines = [f"{_NAMES[name]}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"GET {url} HTTP/1.1", *lines, *extra, "", ""])


def frame(
    opcode: int, payload: bytes = b"", fin: bool = True, masked: bool = True, rsv: int = 0
) -> bytes:
    """One frame."""
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    length = len(payload)
    mask_bit = 0x80 if masked else 0
    if length < 126:
        head = bytes([first, mask_bit | length])
    elif length < 65536:
        head = bytes([first, mask_bit | 126]) + length.to_bytes(2, "big")
    else:
        head = bytes([first, mask_bit | 127]) + length.to_bytes(8, "big")
    if not masked:
        return head + payload
    mask = _masks.getrandbits(32).to_bytes(4, "big")
    key = (mask * (length // 4 + 1))[:length]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + mixed.to_bytes(length, "big")


class Frame(NamedTuple):
    """One frame of the server."""

    opcode: int
    payload: bytes
    final: bool = True


class WebSocket(HttpClient):
    """A connection, before or after its handshake."""

    masked = True
    """Whether it masks its frames, as clients must."""

    def shake_hands(self, request: str | bytes) -> dict[str, str]:
        """Sends a request for an upgrade, which must succeed. Returns the answer's headers."""
        self.send(request)
        response = self.head()
        assert response.status == "101 Switching Protocols", response.status
        return {name.lower(): value for name, value in response.headers}

    def send_frame(
        self, opcode: int, payload: bytes = b"", timeout: float = 0, **how: int | bool
    ) -> bool:
        """Sends a frame. With a timeout, returns False if the server no longer takes frames."""
        how.setdefault("masked", self.masked)
        if not timeout:
            self.send(frame(opcode, payload, **how))
            return True
        before = self.sock.gettimeout()
        self.sock.settimeout(timeout)
        try:
            self.send(frame(opcode, payload, **how))
        except (socket.timeout, TimeoutError):
            return False
        finally:
            self.sock.settimeout(before)
        return True

    def next_frame(self) -> Frame:
        """The next frame, which must be valid for a server."""
        first, length = self.read_exactly(2)
        assert first & 0x70 == 0, f"reserved bits: {first:#x}"
        assert length < 128, "servers do not mask"
        if length == 126:
            length = int.from_bytes(self.read_exactly(2), "big")
            assert length >= 126, "a length of 16 bits for nothing"
        elif length == 127:
            length = int.from_bytes(self.read_exactly(8), "big")
            assert length >= 65536, "a length of 64 bits for nothing"
        return Frame(first & 0x0F, self.read_exactly(length), bool(first & 0x80))

    def frames(self) -> Iterator[Frame]:
        """Each frame until the connection ends, which must be after a whole one."""
        while self.has_more():
            yield self.next_frame()

    def read_frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame, which must be a whole message."""
        opcode, payload, final = self.next_frame()
        assert final
        return opcode, payload

    def read_message(self) -> tuple[int, bytes]:
        """Opcode and payload of the next message, whole or in fragments."""
        opcode, payload, final = self.next_frame()
        while not final:
            following, more, final = self.next_frame()
            assert following == CONTINUATION, following
            payload += more
        return opcode, payload

    def read_close(self) -> tuple[int, bytes]:
        """Code and reason of the next frame, which must be a close frame."""
        opcode, payload = self.read_frame()
        assert opcode == CLOSE, (opcode, payload)
        return code_and_reason(payload)

    def echo(self, payload: bytes, opcode: int = BINARY) -> bytes:
        """Sends a message and reads one of the same length, perhaps in parts."""
        self.send_frame(opcode, payload)
        got_opcode, got = self.read_frame()
        assert got_opcode == opcode
        while len(got) < len(payload):
            got_opcode, more = self.read_frame()
            assert got_opcode == opcode
            got += more
        return got


def code_and_reason(payload: bytes) -> tuple[int, bytes]:
    """Code and reason in a close frame; 1005 stands for none."""
    return int.from_bytes(payload[:2], "big") if payload else 1005, payload[2:]
