# SPDX-License-Identifier: MIT
"""A board's terminal as a port of pyserial, which opens ws://HOST/ws like a device."""

from __future__ import annotations

import fcntl
import functools
import socket
import ssl
import struct
import termios
import threading
from dataclasses import dataclass, field
from typing import Callable

from serial.serialutil import SerialException
from serial.urlhandler.protocol_socket import Serial as SocketSerial

from . import passwords
from .address import Address
from .board import Board, connect
from .device import Options
from .errors import WebreplError
from .pump import Pump

CLOSE_TIMEOUT = 3.0
"""Seconds to wait for the end of a session."""


@dataclass
class Given:
    """Settings that a port's address does not contain."""

    password: str | None = None
    tls: ssl.SSLContext | None = None
    options: Options = field(default_factory=Options)


given = Given()
"""Set this before you open ports."""


class Serial(SocketSerial):  # type: ignore[misc]
    """One end of a pair of sockets; a thread pumps between the other one and the board."""

    is_open: bool

    def open(self) -> None:
        """Connects and logs in."""
        if self._port is None or self.is_open:
            raise SerialException("the port has no address, or is open")
        self.logger = None
        self.failure: WebreplError | None = None
        url = self.portstr
        try:
            address = Address.of(url)
            password = functools.cache(lambda: passwords.find(address, given.password))
            board = self._connect(address, password)
        except (WebreplError, ValueError) as error:
            raise SerialException(f"could not open {url}: {error}") from error
        self._socket, other = socket.socketpair()
        self._socket.setblocking(False)
        self._is_over = threading.Event()
        pump = Pump(board, lambda: self._connect(address, password), other.fileno(), self._is_over)
        self._thread = threading.Thread(target=self._pump, args=(pump, other), daemon=True)
        self._thread.start()
        self.is_open = True

    @staticmethod
    def _connect(address: Address, password: Callable[[], str]) -> Board:
        return connect(address.url, password, tls=given.tls, options=given.options)

    @property
    def fd(self) -> int:
        """As for POSIX ports: mpremote waits for it."""
        return int(self._socket.fileno())

    @property
    def in_waiting(self) -> int:
        """How many bytes can be read at once."""
        answer = fcntl.ioctl(self._socket, termios.FIONREAD, struct.pack("i", 0))
        count = int(struct.unpack("i", answer)[0])
        if count == 0 and self.failure:
            raise SerialException(str(self.failure))
        return count

    def _pump(self, pump: Pump, other: socket.socket) -> None:
        with other:
            try:
                pump.run()
            except WebreplError as error:
                self.failure = error

    def close(self) -> None:
        """Ends the session, or leaves that to the thread if the board does not answer."""
        if self.is_open:
            self.is_open = False
            self._is_over.set()
            self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(CLOSE_TIMEOUT)
            self._socket.close()
