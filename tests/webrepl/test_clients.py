# SPDX-License-Identifier: MIT
"""Clients that are in use, unchanged or told byte for byte, and the page."""

from __future__ import annotations

import gzip
import http.client
import socket
import struct
from pathlib import Path

import pytest
import webrepl
import websockets.sync.client
from firmware import CONNECTED, PAGE, PROMPT, TIMEOUT, Firmware


@pytest.fixture
def repl(firmware: Firmware) -> webrepl.Webrepl:
    """PyPI's webrepl 0.2.0: unmasked frames, no version in its handshake, no pongs."""
    client = webrepl.Webrepl(host="127.0.0.1", port=firmware.port, password="secret")
    client.s.settimeout(TIMEOUT)
    assert client.connected
    return client


def test_webrepl_transfers(repl: webrepl.Webrepl, tmp_path: Path) -> None:
    data = bytes(range(256)) * 50
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(data)
    assert repl.get_ver() == (1, 2, 3)
    repl.put_file(str(source), "there")
    assert repl.get_file_content("there") == data
    repl.get_file("there", str(target))
    assert target.read_bytes() == data


def test_webrepl_commands(repl: webrepl.Webrepl) -> None:
    for word in ["eins", "zwei", "drei"]:
        assert repl.sendcmd(f"print {word}").decode() == f"print {word}\r\n{word}\r\n"
    assert repl.sendcmd("slow x") == b"slow x\r\nx\r\n"
    assert repl.sendcmd("") == b"\r\n"


def test_a_missing_file_is_an_error_at_once(repl: webrepl.Webrepl) -> None:
    with pytest.raises(AssertionError):
        repl.get_file_content("missing")
    assert repl.get_ver() == (1, 2, 3)


def test_wrong_password(firmware: Firmware) -> None:
    client = webrepl.Webrepl(host="127.0.0.1", port=firmware.port, password="wrong")
    assert not client.connected


def test_a_client_that_compares_whole_frames(firmware: Firmware) -> None:
    """Such as micropython-ctl: frames, trimmed, are compared or looked at from their end."""
    with connect(firmware) as ws:
        assert ws.recv(TIMEOUT).strip() == "Password:"
        ws.send("wrong\r")
        assert ws.recv(TIMEOUT).strip() == "Access denied"
    with connect(firmware) as ws:
        assert ws.recv(TIMEOUT).strip() == "Password:"
        ws.send("secret\r")
        assert ws.recv(TIMEOUT).strip().endswith("\n>>>")


def test_a_client_that_counts_characters(firmware: Firmware) -> None:
    """Such as mpfshell: ten characters are the prompt, the next 25 the verdict."""
    with connect(firmware) as ws:
        assert len(ws.recv(TIMEOUT)) == 10
        ws.send("secret\r")
        assert len(ws.recv(TIMEOUT)) == 25


def test_a_client_that_wants_the_prompt_alone_and_ends_lines_by_lf(firmware: Firmware) -> None:
    """Such as Thonny: it adds up text until that is the prompt and nothing else."""
    with connect(firmware) as ws:
        heard = ""
        while heard != "Password: ":
            heard += ws.recv(TIMEOUT)
        ws.send("secret\n")
        assert ws.recv(TIMEOUT).encode() == CONNECTED


def connect(firmware: Firmware) -> websockets.sync.client.ClientConnection:
    """A strict client, which offers compression."""
    return websockets.sync.client.connect(f"ws://127.0.0.1:{firmware.port}/")


def test_webrepl_cli_logs_in_and_asks_at_once(firmware: Firmware) -> None:
    """It reads to the first colon, and sends password and request without waiting."""
    sock = socket.create_connection(("127.0.0.1", firmware.port), timeout=TIMEOUT)
    sock.sendall(
        b"GET / HTTP/1.1\r\nHost: echo.websocket.org\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Key: foo\r\n\r\n"
    )
    stream = sock.makefile("rb")
    while stream.readline() != b"\r\n":
        pass
    assert stream.read(12) == b"\x81\x0a" + PROMPT
    version = struct.pack("<2sBBQLH64s", b"WA", 3, 0, 0, 0, 0, b"")
    sock.sendall(b"\x82\x07secret\r" + b"\x82" + bytes([len(version)]) + version)
    assert stream.read(27) == b"\x81\x19" + CONNECTED
    assert stream.read(5) == b"\x82\x03\x01\x02\x03"
    sock.close()


def test_a_plain_get_is_answered_with_the_page(firmware: Firmware) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", firmware.port, timeout=TIMEOUT)
    connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.read()) == PAGE
    connection.request("GET", "/", headers={"If-None-Match": response.headers["ETag"]})
    again = connection.getresponse()
    assert again.status == 304
    assert again.read() == b""
    connection.request("HEAD", "/")
    head = connection.getresponse()
    assert head.status == 200
    assert head.headers["ETag"] == response.headers["ETag"]
    assert head.read() == b""
