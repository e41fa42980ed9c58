# SPDX-License-Identifier: MIT
"""One WebSocket connection without any I/O: bytes in, messages out, and the other way round.

The framing is that of the library websockets, adapted to boards. Text is not decoded, because
boards cut characters in two, and old ones send bytes that are not text at all.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from .errors import Busy, Lost, NotWebrepl, Timeout, WebreplError, closed_error

MESSAGE_MAX = 1 << 20
"""Bytes of one message; boards send far smaller ones."""
CLOSE_NORMAL = 1000


class Message(NamedTuple):
    """One WebSocket message."""

    data: bytes
    is_text: bool = False


def _is_word(event: object) -> bool:
    return not isinstance(event, Frame) or event.opcode in (
        Opcode.CONT,
        Opcode.TEXT,
        Opcode.BINARY,
        Opcode.CLOSE,
    )


class Wire:
    """A client's end of a connection. After each call, take() says what to send."""

    def __init__(self, url: str, subprotocols: tuple[str, ...] = ()) -> None:
        """Begins the handshake.

        Args:
            url: ws:// or wss://.
            subprotocols: What is offered, the best first.
        """
        offered = [Subprotocol(name) for name in subprotocols] or None
        self._url = url
        self._protocol = ClientProtocol(parse_uri(url), subprotocols=offered, max_size=MESSAGE_MAX)
        self._protocol.send_request(self._protocol.connect())
        self._parts: list[bytes] = []
        self._is_text = False
        self._heard = False
        self.words = 0
        """How often something other than a ping has arrived."""
        self.closed: WebreplError | None = None
        """Why the connection is over, once it is."""

    @property
    def is_open(self) -> bool:
        """Whether the handshake is over."""
        return self._protocol.state is State.OPEN

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the board has selected."""
        return self._protocol.subprotocol

    def take(self) -> bytes:
        """Returns the bytes to send now."""
        return b"".join(self._protocol.data_to_send())

    def send(self, message: Message) -> None:
        """Sends a message."""
        if self.closed:
            raise self.closed
        if message.is_text:
            self._protocol.send_text(message.data)
        else:
            self._protocol.send_binary(message.data)

    def close(self) -> None:
        """Announces the end."""
        if self.is_open:
            self._protocol.send_close(CLOSE_NORMAL)

    def lost(self, error: OSError) -> WebreplError:
        """The network has failed. A reset may arrive together with the reason for it."""
        if not self.closed:
            self.closed = Lost(f"the connection was lost ({error.strerror or error})")
            if not self._heard:
                self.closed = self._hung_up()
        return self.closed

    def _hung_up(self) -> WebreplError:
        return Busy(f"{self._url} hangs up, as a WebREPL does that is in use")

    def receive(self, data: bytes) -> list[Message]:
        """Takes bytes from the network, none at its end; returns the messages they complete."""
        try:
            if data:
                self._heard = True
                self._protocol.receive_data(data)
            else:
                self._protocol.receive_eof()
        except StopIteration:  # a signal has ended the parser in the middle of a frame
            self.closed = self.closed or Lost("the connection was interrupted")
            return []
        messages = []
        events = self._protocol.events_received()
        for event in events:
            if isinstance(event, Response):
                self._check(event)
            elif isinstance(event, Frame):
                messages += self._frame(event)
        self.words += any(map(_is_word, events)) or not events
        self._notice_end(ended=not data)
        return messages

    def _frame(self, frame: Frame) -> list[Message]:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._is_text = frame.opcode is Opcode.TEXT
        elif frame.opcode is not Opcode.CONT:
            return []
        self._parts.append(bytes(frame.data))
        if not frame.fin:
            return []
        message = Message(b"".join(self._parts), self._is_text)
        self._parts.clear()
        return [message]

    def _check(self, response: Response) -> None:
        problem = self._protocol.handshake_exc
        if isinstance(problem, InvalidStatus):
            status = response.status_code
            self.closed = NotWebrepl(f"no WebREPL at {self._url}: it answers {status}")
        elif problem is not None:
            self.closed = NotWebrepl(f"no WebREPL at {self._url}: {problem}")

    def _notice_end(self, ended: bool) -> None:
        if self.closed:
            return
        problem = self._protocol.handshake_exc
        if ended and not self._heard:
            self.closed = self._hung_up()
        elif problem:
            self.closed = NotWebrepl(f"no WebREPL at {self._url}: {problem}")
        elif ended or self._protocol.close_rcvd:
            close = self._protocol.close_rcvd
            code, reason = (close.code, close.reason) if close else (None, "")
            self.closed = closed_error(code, reason)
        elif self._protocol.parser_exc:
            self.closed = NotWebrepl(f"{self._url}: {self._protocol.parser_exc}")


class Silence:
    """How long a board may still be silent. Pings do not count, because it may never answer."""

    def __init__(self, wire: Wire, timeout: float | None) -> None:
        """Starts now; None: for ever."""
        self._wire = wire
        self._timeout = timeout
        self._words = wire.words
        self._since = time.monotonic()
        self._is_over = False

    def left(self) -> float | None:
        """Seconds that are left. Returns 0 once, so that input that is already there is looked at.

        Raises:
            Timeout: The time is over.
        """
        if self._timeout is None:
            return None
        if self._words != self._wire.words:
            self._words, self._since = self._wire.words, time.monotonic()
            self._is_over = False
        if self._is_over:
            raise Timeout("the board does not answer")
        left = max(0.0, self._since + self._timeout - time.monotonic())
        self._is_over = left == 0
        return left
