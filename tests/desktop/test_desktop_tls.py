# SPDX-License-Identifier: MIT
"""TLS and digests use the system's Mbed TLS."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator

import pytest

CLIENT = """
import socket, ssl
s = socket.socket()
s.connect(socket.getaddrinfo('127.0.0.1', %d)[0][-1])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
%s
t = context.wrap_socket(s, server_hostname='localhost')
t.write(b'hello')
print(t.read(5))
"""

TRUSTING = "context.load_verify_locations('certificate.pem')"


@pytest.fixture
def echo_port(tmp_path) -> Iterator[int]:
    """The port of a TLS server that echoes five bytes."""
    files = ["-keyout", "key.pem", "-out", "certificate.pem"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command = ["openssl", "req", "-x509", "-days", "2", *key, *files, *names]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                with contextlib.suppress(OSError), client:
                    session = context.wrap_socket(client, server_side=True)
                    session.sendall(session.recv(5))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_client_that_trusts(start, echo_port: int) -> None:
    program = start("-c", CLIENT % (echo_port, TRUSTING))
    assert program.status() == 0, program.said
    assert program.said == "b'hello'\n"


def test_client_that_does_not_trust(start, echo_port: int) -> None:
    program = start("-c", CLIENT % (echo_port, ""))
    assert program.status() != 0
    assert "OSError" in program.said


def test_client_that_does_not_care(start, echo_port: int) -> None:
    program = start("-c", CLIENT % (echo_port, "context.verify_mode = ssl.CERT_NONE"))
    assert program.status() == 0, program.said
    assert program.said == "b'hello'\n"


def test_asyncio_client(start, echo_port: int) -> None:
    program = start(
        "-c",
        f"""
import asyncio, ssl
async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    {TRUSTING}
    r, w = await asyncio.open_connection(
        '127.0.0.1', {echo_port}, ssl=context, server_hostname='localhost')
    w.write(b'hello')
    await w.drain()
    print(await r.readexactly(5))
asyncio.run(main())
""",
    )
    assert program.status() == 0, program.said
    assert program.said == "b'hello'\n"


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_digests(start, name: str) -> None:
    program = start("-c", f"import hashlib; print(hashlib.{name}(b'abc').digest().hex())")
    assert program.status() == 0, program.said
    assert program.said.strip() == hashlib.new(name, b"abc").hexdigest()
