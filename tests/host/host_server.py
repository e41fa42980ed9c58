# SPDX-License-Identifier: MIT
"""A running server_app, and a client that speaks HTTP byte by byte."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import tempfile
import time
from pathlib import Path

TIMEOUT = 20.0
"""Seconds after which something that should have happened never will."""


class Response:
    """One response as it came."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """Takes the parts of one response."""
        self.status = status
        self.code = int(status.split()[0])
        self.headers = headers
        self.body = body

    def header(self, name: str) -> str | None:
        """Value of the first header of that name."""
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    @property
    def text(self) -> str:
        """The body, decoded."""
        return self.body.decode()


class Client:
    """A TCP connection that reads and writes HTTP byte by byte as told."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        """Connects."""
        self.sock = socket.create_connection((host, port), timeout=TIMEOUT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def close(self) -> None:
        """Closes the connection."""
        self.sock.close()

    def send(self, data: bytes | str) -> None:
        """Sends bytes, or text as UTF-8."""
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def receive(self) -> bytes:
        """Some bytes; b'' at the end of the stream, also where it ends in a reset."""
        try:
            return self.sock.recv(65536)
        except ConnectionResetError:
            return b""

    def read_until(self, end: bytes) -> bytes:
        """Bytes up to and with `end`."""
        while end not in self.pending:
            data = self.receive()
            assert data, f"connection closed after {self.pending!r}"
            self.pending += data
        found, self.pending = self.pending.split(end, 1)
        return found + end

    def read_exactly(self, n: int) -> bytes:
        """Exactly n bytes."""
        while len(self.pending) < n:
            data = self.receive()
            assert data, f"connection closed after {self.pending!r}"
            self.pending += data
        found, self.pending = self.pending[:n], self.pending[n:]
        return found

    def read_to_end(self) -> bytes:
        """What comes until the server closes."""
        while data := self.receive():
            self.pending += data
        found, self.pending = self.pending, b""
        return found

    def response(self) -> Response:
        """The next response: framed by length, by chunks or by the end of the connection."""
        lines = self.read_until(b"\r\n\r\n").decode().split("\r\n")
        version, status = lines[0].split(" ", 1)
        assert version == "HTTP/1.1"
        headers = [(n, v.strip()) for n, v in (line.split(":", 1) for line in lines[1:] if line)]
        response = Response(status, headers, b"")
        if (length := response.header("Content-Length")) is not None:
            response.body = self.read_exactly(int(length))
        elif response.header("Transfer-Encoding") == "chunked":
            response.body = self._chunks()
        elif response.code >= 200:
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
        self, target: str, method: str = "GET", headers: str = "", body: str = ""
    ) -> Response:
        """Sends a whole request and reads its response. `headers` are lines with CRLF."""
        if body:
            headers += f"Content-Length: {len(body)}\r\n"
        self.send(f"{method} {target} HTTP/1.1\r\nHost: test\r\n{headers}\r\n{body}")
        return self.response()

    def is_closed(self) -> bool:
        """Waits for the server to close; False if it sends something instead."""
        return not self.pending and self.receive() == b""

    def is_silent(self, seconds: float = 0.3) -> bool:
        """Nothing arrives and nobody closes for that long."""
        return not select.select([self.sock], [], [], seconds)[0]


class Server:
    """A running server_app."""

    def __init__(self, program: Path, options: dict[str, object]) -> None:
        """Starts the program; `greeting` is what it said first."""
        env = dict(os.environ)
        env["ASAN_OPTIONS"] = "detect_leaks=1:exitcode=99"
        env["TSAN_OPTIONS"] = "halt_on_error=1:exitcode=99"
        env["UBSAN_OPTIONS"] = "print_stacktrace=1"
        # A file, since nobody reads a pipe while the program runs: full, it would hold it up.
        self.stderr = tempfile.TemporaryFile(mode="w+")  # noqa: SIM115 (closed with the program)
        self.process = subprocess.Popen(
            [program, *(f"{name}={value}" for name, value in options.items())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            text=True,
            env=env,
        )
        self.clients: list[Client] = []
        self.last_counts: dict[str, int] | None = None
        self.greeting = self._read_line()
        self.port = int(self.greeting.split()[1]) if self.greeting.startswith("port ") else 0

    def _read_line(self) -> str:
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], TIMEOUT)[0], (
            "no answer from server_app"
        )
        return self.process.stdout.readline().strip()

    def command(self, line: str) -> str:
        """Has the program do something and returns what it says."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._read_line()

    def counts(self) -> dict[str, int]:
        """What happened so far."""
        return json.loads(self.command("counts"))

    def await_count(self, name: str, value: int) -> None:
        """Waits until a count reaches `value`: what a client causes by leaving takes its time."""
        deadline = time.monotonic() + TIMEOUT
        while (count := self.counts()[name]) < value:
            assert time.monotonic() < deadline, f"{name} is {count}, expected {value}"
            time.sleep(0.01)
        assert count == value, name

    def connect(self) -> Client:
        """A new connection, closed when the test ends."""
        client = Client(self.port)
        self.clients.append(client)
        return client

    def get(self, target: str) -> Response:
        """One request on a connection of its own."""
        client = self.connect()
        response = client.request(target)
        client.close()
        return response

    def finish(self) -> dict[str, int]:
        """Ends the program, which must have nothing to complain about; its last counts."""
        if self.last_counts is not None:
            return self.last_counts
        out, _ = self.process.communicate(timeout=TIMEOUT)
        self.stderr.seek(0)
        err = self.stderr.read()
        self.stderr.close()
        for client in self.clients:
            client.close()
        assert self.process.returncode == 0, err
        assert "Sanitizer" not in err and "runtime error" not in err, err
        self.last_counts = json.loads(out.splitlines()[-1])
        return self.last_counts

    def kill(self) -> None:
        """Ends the program where finish() could not."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
