# SPDX-License-Identifier: MIT
"""A WebSocket client that sends whatever it is told to, right or wrong."""

from __future__ import annotations

import os
import socket

from .http_app import App, Client

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def handshake(url: str, *extra: str, **changed: str | None) -> str:
    """A proper request for an upgrade. `changed` replaces a header, None leaves it out."""
    headers: dict[str, str | None] = {
        "Host": "test",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
    }
    names = {"connection": "Connection", "upgrade": "Upgrade", "host": "Host"}
    names |= {"version": "Sec-WebSocket-Version", "key": "Sec-WebSocket-Key"}
    headers.update({names[name]: value for name, value in changed.items()})
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
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
    mask = os.urandom(4)
    key = (mask * (length // 4 + 1))[:length]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + mixed.to_bytes(length, "big")


class WebSocket(Client):
    """A connection after its handshake."""

    def send_frame(
        self, opcode: int, payload: bytes = b"", timeout: float = 0, **how: int | bool
    ) -> bool:
        """Sends a frame; with a timeout False if the server has stopped taking them."""
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

    def read_frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame, which must be a whole message."""
        opcode, payload, final = self._read_piece()
        assert final
        return opcode, payload

    def _read_piece(self) -> tuple[int, bytes, bool]:
        first, length = self.read_exactly(2)
        assert first & 0x70 == 0, hex(first)
        assert length < 128, "servers do not mask"
        if length == 126:
            length = int.from_bytes(self.read_exactly(2), "big")
            assert length >= 126
        elif length == 127:
            length = int.from_bytes(self.read_exactly(8), "big")
            assert length >= 65536
        return first & 0x0F, self.read_exactly(length), bool(first & 0x80)

    def read_message(self) -> tuple[int, bytes]:
        """Opcode and payload of the next message, whole or in fragments."""
        opcode, payload, final = self._read_piece()
        while not final:
            following, more, final = self._read_piece()
            assert following == 0, following
            payload += more
        return opcode, payload

    def read_close(self) -> tuple[int, bytes]:
        """Code and reason of a close frame, which must come next."""
        opcode, payload = self.read_frame()
        assert opcode == CLOSE, (opcode, payload)
        return int.from_bytes(payload[:2], "big") if payload else 1005, payload[2:]

    def echo(self, payload: bytes, opcode: int = BINARY) -> bytes:
        """Sends a message and reads as much as it is long."""
        self.send_frame(opcode, payload)
        got_opcode, got = self.read_frame()
        assert got_opcode == opcode
        while len(got) < len(payload):
            got_opcode, more = self.read_frame()
            assert got_opcode == opcode
            got += more
        return got


def open_websocket(app: App, url: str, receive_buffer: int = 0, behind: bytes = b"") -> WebSocket:
    """A session, with `behind` sent in the packet of the handshake."""
    ws = WebSocket(app.port, receive_buffer)
    app.clients.append(ws)
    ws.send(handshake(url).encode() + behind)
    response = ws.head()
    assert response.code == 101, response.status
    assert response.header("Sec-WebSocket-Accept") == ACCEPT
    return ws
