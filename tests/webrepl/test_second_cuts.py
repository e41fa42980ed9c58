# SPDX-License-Identifier: MIT
"""Connections break: uploads continue, nobody sees half a file, and nothing is left behind."""

from __future__ import annotations

import hashlib
import random
import struct
from typing import Callable

import pytest

from tests.support.http import Closed
from tests.support.websocket import BINARY

from .firmware import Firmware, FrameClient
from .second import EBADMSG, OK, Second, enter, hold

OLD = b"old contents"
FOUR_MEGABYTES = hashlib.shake_128(b"4 MB").digest(4 << 20)


def traces(firmware: Firmware) -> list[bytes]:
    """The kept parts of uploads."""
    return [data for name, data in firmware.files().items() if name.endswith(".~up")]


def cut(firmware: Firmware, data: bytes, sent: int, *, resume: bool = True) -> None:
    """Starts an upload and disconnects in the middle."""
    client = enter(firmware)
    ident = client.begin_put("f", data, resume=resume)
    assert client.is_open(ident)
    client.send_file(ident, data[client.offset(ident) : sent])
    client.do("PING")
    client.close()


def begin_again(firmware: Firmware, data: bytes) -> tuple[Second, int]:
    """The same upload, once the server has seen that the connection is gone."""
    while True:
        client = enter(firmware)
        ident = client.begin_put("f", data, resume=True)
        if client.is_open(ident):
            return client, ident
        client.leave()


def test_a_cut_upload_goes_on(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(OLD)
    data = FOUR_MEGABYTES[:100_000]
    cut(firmware, data, 50_000)
    client, ident = begin_again(firmware, data)
    offset = client.offset(ident)
    assert 50_000 - 8192 <= offset <= 50_000
    assert (firmware.folder / "f").read_bytes() == OLD
    client.send_file(ident, data[offset:])
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": data}


def test_a_cut_upload_without_resume_is_removed(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(OLD)
    cut(firmware, FOUR_MEGABYTES[:100_000], 50_000, resume=False)
    while traces(firmware):
        pass
    assert firmware.files() == {"f": OLD}


def test_kept_bytes_of_another_file_do_not_match(firmware: Firmware) -> None:
    cut(firmware, FOUR_MEGABYTES[:100_000], 50_000)
    other = b"other" * 20_000
    client, ident = begin_again(firmware, other)
    client.send_file(ident, other[client.offset(ident) :])
    assert client.result(ident).code == EBADMSG
    assert firmware.files() == {}
    assert client.put("f", other, resume=True) == OK
    assert firmware.files() == {"f": other}


def test_a_shorter_file_does_not_go_on(firmware: Firmware) -> None:
    cut(firmware, FOUR_MEGABYTES[:100_000], 50_000)
    client, ident = begin_again(firmware, b"short")
    assert client.offset(ident) == 0
    client.send_file(ident, b"short")
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": b"short"}


def test_another_upload_replaces_kept_bytes(firmware: Firmware) -> None:
    cut(firmware, FOUR_MEGABYTES[:100_000], 50_000)
    client = enter(firmware)
    while (code := client.put("f", OLD)) != OK:
        assert code == 16
    assert firmware.files() == {"f": OLD}


def test_only_so_many_are_kept(firmware: Firmware) -> None:
    data = FOUR_MEGABYTES[:20_000]
    for index in range(6):
        client = enter(firmware)
        ident = client.begin_put(f"f{index}", data, resume=True)
        assert client.is_open(ident)
        client.send_file(ident, data[:9000])
        client.leave()
        while client_is_working(firmware, f"f{index}", data):
            pass
    assert len(traces(firmware)) == 4


def client_is_working(firmware: Firmware, path: str, data: bytes) -> bool:
    """Whether an operation of an ended session is still being given up."""
    client = enter(firmware)
    ident = client.begin_put(path, data, resume=True)
    busy = not client.is_open(ident)
    client.leave()
    return busy


def test_an_upload_goes_on_with_a_server_that_starts_again(firmware: Firmware) -> None:
    data = FOUR_MEGABYTES[:100_000]
    client = enter(firmware)
    ident = client.begin_put("f", data, resume=True)
    assert client.is_open(ident)
    client.send_file(ident, data[:50_000])
    firmware.restart()
    with pytest.raises((Closed, AssertionError, OSError)):
        client.send_file(ident, data[50_000:])
        client.do("PING")
    client, ident = begin_again(firmware, data)
    assert client.offset(ident) > 0
    client.send_file(ident, data[client.offset(ident) :])
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": data}


def test_old_kept_uploads_go_when_a_server_starts(
    start: Callable[..., Firmware],
) -> None:
    firmware = start(password="secret", keep_uploads=1)
    cut(firmware, FOUR_MEGABYTES[:100_000], 50_000)
    while traces(firmware):
        firmware.restart()


def test_old_kept_uploads_go_when_another_upload_begins(
    start: Callable[..., Firmware],
) -> None:
    firmware = start(password="secret", keep_uploads=1)
    cut(firmware, FOUR_MEGABYTES[:100_000], 50_000)
    client = enter(firmware)
    while traces(firmware):
        assert client.put("g", b"new") == OK
    assert firmware.files() == {"g": b"new"}


@pytest.mark.timeout(600)
def test_four_megabytes_with_the_link_cut_at_random_points(firmware: Firmware) -> None:
    """Uploads and downloads a file in both editions."""
    chance, ends = random.Random(4), 0
    while True:
        client, ident = begin_again(firmware, FOUR_MEGABYTES)
        offset = client.offset(ident)
        assert offset >= ends - 8192
        ends = offset + chance.randrange(1, 1 << 21)
        client.send_file(ident, FOUR_MEGABYTES[offset:ends])
        if ends >= len(FOUR_MEGABYTES):
            break
        client.close()
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": FOUR_MEGABYTES}

    data = b""
    while len(data) < len(FOUR_MEGABYTES):
        client = enter(firmware)
        ident = client.ask("GET", credit=65536, offset=len(data), length=2**64 - 1, path="f")
        enough = chance.randrange(1, 1 << 21)
        while len(client.data.get(ident, b"")) < enough and ident not in client.results:
            client.take()
        data += client.data.get(ident, b"")
        client.close()
    assert hashlib.sha256(data).digest() == hashlib.sha256(FOUR_MEGABYTES).digest()


def test_a_session_that_ends_in_the_middle_of_everything(start: Callable[..., Firmware]) -> None:
    firmware = start(password="secret", operations=8)
    (firmware.folder / "f").write_bytes(FOUR_MEGABYTES[:200_000])
    for _ in range(20):
        client = hold(firmware)
        client.begin_put("g", FOUR_MEGABYTES)
        client.ask("GET", credit=1 << 20, offset=0, length=2**64 - 1, path="f")
        client.ask("SHA256", path="f")
        client.ask("LIST", credit=1 << 20, path="/")
        client.type(b"fill 100\r")
        client.close()
        while enter_and_hold_fails(firmware):
            pass
    while traces(firmware):
        pass
    assert set(firmware.files()) == {"f"}


def enter_and_hold_fails(firmware: Firmware) -> bool:
    """Whether the previous session still has the terminal."""
    client = enter(firmware)
    fails = client.attach().code != OK
    client.leave()
    return fails


@pytest.mark.timeout(600)  # 4096 round trips of the classic protocol
def test_four_megabytes_through_both_editions(firmware: Firmware) -> None:
    """Each edition gets what the other has put, with equal digests."""
    client = enter(firmware)
    assert client.put("new", FOUR_MEGABYTES) == OK
    classic = firmware.login()
    header = struct.pack("<2sBBQLH64s", b"WA", 1, 0, 0, len(FOUR_MEGABYTES), 3, b"old")
    classic.say(header, BINARY)
    assert classic.binary() == b"WB\0\0"
    for at in range(0, len(FOUR_MEGABYTES), 1024):
        classic.say(FOUR_MEGABYTES[at : at + 1024], BINARY)
    assert classic.binary() == b"WB\0\0"
    digest = hashlib.sha256(FOUR_MEGABYTES).digest()
    assert client.do("SHA256", path="old") == (OK, digest)
    assert client.get("old") == (OK, FOUR_MEGABYTES)
    assert hashlib.sha256(classic_get(classic, b"new")).digest() == digest


@pytest.mark.timeout(600)
def test_four_megabytes_through_the_classic_protocol_with_the_link_cut(firmware: Firmware) -> None:
    """It cannot resume: clients begin again, and the old file exists until the end."""
    chance = random.Random(5)
    (firmware.folder / "f").write_bytes(OLD)
    for ends in [*(chance.randrange(len(FOUR_MEGABYTES)) for _ in range(5)), None]:
        client = log_in_again(firmware)
        header = struct.pack("<2sBBQLH64s", b"WA", 1, 0, 0, len(FOUR_MEGABYTES), 1, b"f")
        client.say(header, BINARY)
        assert client.binary() == b"WB\0\0"
        assert (firmware.folder / "f").read_bytes() == OLD
        client.say(FOUR_MEGABYTES[:ends], BINARY)
        if ends is None:
            assert client.binary() == b"WB\0\0"
        client.close()
    assert firmware.files() == {"f": FOUR_MEGABYTES}

    for _ in range(5):
        client = log_in_again(firmware)
        client.say(struct.pack("<2sBBQLH64s", b"WA", 2, 0, 0, 0, 1, b"f"), BINARY)
        for _ in range(chance.randrange(1, 1000)):
            client.say(b"\0", BINARY)
            assert client.binary()
        client.close()
    digest = hashlib.sha256(classic_get(log_in_again(firmware), b"f")).digest()
    assert digest == hashlib.sha256(FOUR_MEGABYTES).digest()


def log_in_again(firmware: Firmware) -> FrameClient:
    """Opens a classic session, once the server has noticed the end of the one before."""
    while firmware.connected:
        pass
    return firmware.login()


def classic_get(classic: FrameClient, name: bytes) -> bytes:
    """A whole file through the classic protocol."""
    classic.say(struct.pack("<2sBBQLH64s", b"WA", 2, 0, 0, 0, len(name), name), BINARY)
    assert classic.binary() == b"WB\0\0"
    data = []
    while True:
        classic.say(b"\0", BINARY)
        block = classic.binary()
        if block == b"\0\0":
            break
        data.append(block[2:])
    assert classic.binary() == b"WB\0\0"
    return b"".join(data)
