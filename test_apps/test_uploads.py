# SPDX-License-Identifier: MIT
"""Receiving files: old files stay whole whatever happens, and nothing is left behind."""

from __future__ import annotations

import json
import socket
import struct

import pytest

from tests.support.http import HttpClient

from .device import AUTH, Device, eventually
from .web_files import FOLDER, WebFiles, noise

MINUTES = 600  # seconds; an emulator on a busy host writes slowly to its flash
OLD = b"what was there before"


@pytest.fixture
def files(device: Device) -> WebFiles:
    return WebFiles(device)


def begin_upload(device: Device, size: int, part: bytes) -> HttpClient:
    client = device.connect()
    head = f"PUT {FOLDER}file.bin HTTP/1.1\r\nHost: x\r\n{AUTH}Content-Length: {size}\r\n\r\n"
    client.send(head.encode() + part)
    return client


def reset(client: HttpClient) -> None:
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def is_as_before(files: WebFiles) -> bool:
    return files.names() == {"file.bin"} and files.ask("file.bin").body == OLD


def test_a_file_is_replaced(files: WebFiles) -> None:
    assert files.put("file.bin", OLD).code == 201
    assert files.put("file.bin", noise(20_000)).code == 204
    assert files.ask("file.bin").body == noise(20_000)
    assert files.names() == {"file.bin"}


def test_a_client_that_vanishes_leaves_the_old_file(files: WebFiles) -> None:
    files.put("file.bin", OLD)
    for part in (0, 1, 5000, 40_000):
        reset(begin_upload(files.device, 50_000, noise(part)))
    eventually(lambda: is_as_before(files))


def test_a_client_that_says_goodbye_too_early_leaves_the_old_file(files: WebFiles) -> None:
    files.put("file.bin", OLD)
    client = begin_upload(files.device, 50_000, noise(5000))
    client.finish_sending()
    assert client.is_gone()
    eventually(lambda: is_as_before(files))


def test_uploads_at_the_same_time(files: WebFiles) -> None:
    slow = [begin_upload(files.device, 3000, b"x" * 1000) for _ in range(2)]
    assert files.put("other.bin", noise(30_000)).code == 201
    for client in slow:
        client.send(b"y" * 2000)
    codes = {client.response().code for client in slow}
    assert codes <= {201, 204, 409, 423}, codes
    assert files.ask("other.bin").body == noise(30_000)
    assert files.names() == {"file.bin", "other.bin"}
    for client in slow:
        client.close()


def test_a_file_that_finds_no_room_is_refused_before_it_is_sent(files: WebFiles) -> None:
    free = json.loads(files.device.get("/api/info").body)["files"]["free_kb"]
    if not free:
        pytest.skip("this storage does not know its size")
    client = begin_upload(files.device, (free + 1024) * 1024, b"")
    assert client.response().code == 507
    client.close()
    assert files.names() == set()


def test_a_storage_that_becomes_full_while_receiving(files: WebFiles) -> None:
    free = json.loads(files.device.get("/api/info").body)["files"]["free_kb"]
    if not free or free >= 8192:
        pytest.skip("this storage is too large to be filled")
    files.put("file.bin", OLD)
    client = files.device.connect()
    client.sock.settimeout(MINUTES)
    client.send(
        f"PUT {FOLDER}file.bin HTTP/1.1\r\nHost: x\r\n{AUTH}Transfer-Encoding: chunked\r\n\r\n"
    )
    piece = noise(4096)
    try:
        for _ in range(free // 4 + 64):
            client.send(b"1000\r\n" + piece + b"\r\n")
        client.send(b"0\r\n\r\n")
    except OSError:
        pass  # it has been refused
    assert client.is_gone()
    eventually(lambda: is_as_before(files))


def test_a_file_is_renamed(files: WebFiles) -> None:
    files.put("old.txt", OLD)
    moved = files.ask("old.txt", "MOVE", f"Destination: {FOLDER}new.txt\r\n")
    assert moved.code == 201
    assert files.names() == {"new.txt"}
    assert files.ask("new.txt").body == OLD


def test_a_rename_that_would_replace_is_refused_if_told_so(files: WebFiles) -> None:
    files.put("file.bin", OLD)
    files.put("other.bin", b"other")
    headers = f"Destination: {FOLDER}file.bin\r\nOverwrite: F\r\n"
    assert files.ask("other.bin", "MOVE", headers).code == 412
    assert files.ask("file.bin").body == OLD
    assert files.names() == {"file.bin", "other.bin"}


def test_folders_are_made_and_removed(files: WebFiles) -> None:
    assert files.put("a/b/c.txt", b"deep").code == 201
    assert files.ask("a/b/c.txt").body == b"deep"
    assert files.ask("a/", "DELETE").code == 409
    assert files.ask("a/", "DELETE", query="?force=1").code == 204
    assert files.names() == set()


def test_a_form(files: WebFiles) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="form.bin"\r\n\r\n'
        + noise(9000)
        + b"\r\n--x--\r\n"
    )
    answer = files.ask("", "POST", "Content-Type: multipart/form-data; boundary=x\r\n", body)
    assert answer.code in (201, 204)
    assert files.ask("form.bin").body == noise(9000)


def test_stalled_uploads_hold_up_nobody(files: WebFiles) -> None:
    stalled = [begin_upload(files.device, 50_000, b"x") for _ in range(3)]
    for _ in range(5):
        assert files.device.get("/api/info").code == 200
    for client in stalled:
        reset(client)
    eventually(lambda: files.names() == set())
