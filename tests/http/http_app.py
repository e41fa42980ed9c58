# SPDX-License-Identifier: MIT
"""A running http_app, and a client that speaks HTTP byte by byte."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

TIMEOUT = 30.0
"""Seconds after which something that should have happened never will."""


def eventually(condition: Callable[[], bool]) -> None:
    """Waits until something can be observed."""
    until = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.005)


def pattern(size: int) -> bytes:
    """What /big?size= answers: a byte lost, doubled or moved shows."""
    return bytes(97 + (i + i // 251) % 26 for i in range(size))


class Response:
    """One response as it came."""

    def __init__(self, status: str, headers: list[tuple[str, str]]) -> None:
        """Takes a head apart; the body is filled in later."""
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
    def text(self) -> str:
        """The body, decoded."""
        return self.body.decode()

    @property
    def keeps_alive(self) -> bool:
        """The server means to go on with the connection."""
        return self.header("Connection") != "close"


class Client:
    """A TCP connection that reads and writes byte by byte as told."""

    def __init__(self, port: int, receive_buffer: int = 0, host: str = "127.0.0.1") -> None:
        """Connects. A small receive buffer makes a slow reader felt early."""
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect((host, port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def close(self) -> None:
        """Closes the connection."""
        self.sock.close()

    def send(self, data: bytes | str) -> None:
        """Sends bytes, or text as UTF-8."""
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def finish_sending(self) -> None:
        """Says that no more comes from here."""
        self.sock.shutdown(socket.SHUT_WR)

    def receive(self, size: int = 65536) -> bytes:
        """Some bytes; b'' at the end of the stream. A reset raises: it may cost a response."""
        return self.sock.recv(size)

    def read_until(self, end: bytes) -> bytes:
        """Bytes up to and with `end`."""
        while end not in self.pending:
            data = self.receive()
            assert data, f"closed after {self.pending!r}"
            self.pending += data
        found, self.pending = self.pending.split(end, 1)
        return found + end

    def read_exactly(self, n: int) -> bytes:
        """Exactly n bytes."""
        chunks = [self.pending]
        have = len(self.pending)
        while have < n:
            data = self.receive()
            assert data, f"closed after {have} bytes of {n}"
            chunks.append(data)
            have += len(data)
        data = b"".join(chunks)
        found, self.pending = data[:n], data[n:]
        return found

    def read_to_end(self) -> bytes:
        """What comes until the server closes."""
        chunks = [self.pending]
        while data := self.receive():
            chunks.append(data)
        self.pending = b""
        return b"".join(chunks)

    def head(self) -> Response:
        """The head of the next response; its body is left where it is."""
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
        body = b""
        while size := int(self.read_until(b"\r\n"), 16):
            body += self.read_exactly(size)
            assert self.read_exactly(2) == b"\r\n"
        assert self.read_exactly(2) == b"\r\n"
        return body

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
        """Waits for the server to close, in whatever way, after whatever it sends."""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            self.read_to_end()
        return True

    def is_silent(self, seconds: float = 0.2) -> bool:
        """Nothing arrives and nobody closes for that long."""
        return not self.pending and not select.select([self.sock], [], [], seconds)[0]

    def segments_received(self) -> int:
        """TCP segments with data that have come so far (tcpi_data_segs_in of Linux)."""
        info = self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)
        return struct.unpack_from("I", info, 152)[0]


def whole_request(target: str, method: str = "GET", headers: str = "", body: bytes = b"") -> bytes:
    """A request with a body as long as it says."""
    if body:
        headers += f"Content-Length: {len(body)}\r\n"
    return f"{method} {target} HTTP/1.1\r\nHost: test\r\n{headers}\r\n".encode() + body


def contents(path: Path) -> bytes | None:
    """What a file has in it; None for directories, links to nowhere, and what goes meanwhile."""
    try:
        return path.read_bytes() if path.is_file() else None
    except FileNotFoundError:
        return None


def files(root: Path) -> dict[str, bytes | None]:
    """What lies below a directory: contents by path."""
    paths = (path for path in root.rglob("*") if path != root / "sd")
    return {str(path.relative_to(root)): contents(path) for path in paths}


class App:
    """A running http_app."""

    ASAN_OPTIONS = "detect_leaks=1:exitcode=99"

    def __init__(self, program: Path, options: dict[str, int | str | Path], *script: Path) -> None:
        """Starts the program and waits until it listens."""
        env = {
            **os.environ,
            "ASAN_OPTIONS": self.ASAN_OPTIONS,
            "TSAN_OPTIONS": "halt_on_error=1:exitcode=99:second_deadlock_stack=1",
            "UBSAN_OPTIONS": "print_stacktrace=1",
        }
        self.process = subprocess.Popen(
            [*os.environ.get("HTTP_TEST_WRAPPER", "").split(), program, *script]
            + [f"{name}={value}" for name, value in options.items()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        self.clients: list[Client] = []
        self.stderr = ""
        self.lost = False
        self.port = self._port(self._read_line())

    @staticmethod
    def _port(greeting: str) -> int:
        word, port = greeting.split()
        assert word == "port", greeting
        return int(port)

    def _read_line(self) -> str:
        assert self.process.stdout is not None
        ready = select.select([self.process.stdout], [], [], 2 * TIMEOUT)[0]
        assert ready, "http_app does not answer"
        line = self.process.stdout.readline().strip()
        assert line, "http_app has ended"
        return line

    def command(self, line: str) -> str:
        """Has the program do something and returns what it says."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._read_line()

    def start(self) -> None:
        """Starts the server again; it may have got another port."""
        self.port = self._port(self.command("start"))

    def state(self) -> dict[str, int]:
        """What happened so far."""
        return json.loads(self.command("state"))

    def wait_for(self, **wanted: int | str) -> None:
        """Waits until the program has come that far."""
        eventually(lambda: all(self.state()[name] == value for name, value in wanted.items()))

    def connect(self, receive_buffer: int = 0) -> Client:
        """A new connection, closed when the test ends."""
        client = Client(self.port, receive_buffer)
        self.clients.append(client)
        return client

    def get(self, target: str, headers: str = "") -> Response:
        """One request on a connection of its own."""
        client = self.connect()
        response = client.request(target, headers=headers)
        client.close()
        return response

    def request(
        self, target: str, method: str = "GET", headers: str = "", body: bytes = b""
    ) -> Response:
        """One request of any method on a connection of its own."""
        client = self.connect()
        response = client.request(target, method, headers, body)
        client.close()
        return response

    def hold(self, count: int = 1) -> list[Client]:
        """Clients whose handlers run until the command "release"."""
        already = self.state()["holding"]
        clients = [self.connect() for _ in range(count)]
        for client in clients:
            client.send(whole_request("/hold"))
        self.wait_for(holding=already + count)
        return clients

    def open_files(self) -> int:
        """How many files and directories of storage are open."""
        return json.loads(self.command("storage"))["open"]

    def fds(self) -> int:
        """Open descriptors of the process."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self) -> int:
        """Threads of the process."""
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def most_memory(self) -> int:
        """Bytes that the process has held at most. Memory that was freed may be part of it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024

    def finish(self) -> None:
        """Ends the program, which must have nothing to complain about."""
        if self.process.poll() is None:
            _, self.stderr = self.process.communicate(timeout=2 * TIMEOUT)
        for client in self.clients:
            client.close()
        assert self.process.returncode == (-signal.SIGKILL if self.lost else 0), self.stderr
        assert "Sanitizer" not in self.stderr and "runtime error" not in self.stderr, self.stderr

    def cut_power(self) -> None:
        """Ends the program without a chance to put anything in order."""
        self.lost = True
        self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """Ends the program where finish() could not, and shows what it said."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGABRT)
            try:
                _, self.stderr = self.process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            print(self.stderr)


def refused(app: App, head: str | bytes, code: int) -> None:
    """Has a head refused with this code, and its connection ended; others go on."""
    client = app.connect()
    client.send(head)
    response = client.response()
    assert response.code == code
    assert not response.keeps_alive
    assert client.is_closed()
    assert app.get("/hello").code == 200
