# SPDX-License-Identifier: MIT
"""File transfer beside the terminal."""

from __future__ import annotations

import contextlib
import errno
import struct
import threading
import time
from collections.abc import Callable

import pytest

from tests.support.websocket import BINARY, TEXT, Frame, frame

from .firmware import Firmware, FrameClient

PUT, GET, GET_VER = 1, 2, 3
OK = b"WB\0\0"
VERSION = b"\1\2\3"


def header(op: int, name: bytes = b"", size: int = 0, sig: bytes = b"WA") -> bytes:
    """The 82 bytes that every client sends."""
    return struct.pack("<2sBBQLH64s", sig, op, 0, 0, size, len(name), name)


def wb(code: int) -> bytes:
    """A reply."""
    return struct.pack("<2sH", b"WB", code)


def contents(size: int) -> bytes:
    """Bytes that differ from place to place."""
    return bytes(i * 7919 >> 5 & 0xFF for i in range(size))


def put(client: FrameClient, name: bytes, data: bytes) -> None:
    """A whole upload, as old clients do it: the header in two frames, then everything at once."""
    request = header(PUT, name, len(data))
    client.say(request[:10], BINARY)
    client.say(request[10:], BINARY)
    assert client.binary() == OK
    for at in range(0, len(data), 1024):
        client.say(data[at : at + 1024], BINARY)
    assert client.binary() == OK


def get(client: FrameClient, name: bytes) -> bytes:
    """A whole download."""
    client.say(header(GET, name), BINARY)
    assert client.binary() == OK
    data = b""
    while True:
        client.say(b"\0", BINARY)
        block = client.binary()
        assert struct.unpack("<H", block[:2]) == (len(block) - 2,)
        data += block[2:]
        if len(block) == 2:
            assert client.binary() == OK
            return data


@pytest.mark.parametrize("size", [0, 1, 1023, 1024, 1025, 4096, 4097, 1_000_000])
def test_there_and_back(firmware: Firmware, size: int) -> None:
    data = contents(size)
    client = firmware.login()
    put(client, b"file.bin", data)
    assert firmware.files() == {"file.bin": data}
    assert get(client, b"file.bin") == data


def test_version(firmware: Firmware) -> None:
    client = firmware.login()
    client.say(header(GET_VER), BINARY)
    assert client.frame() == Frame(BINARY, VERSION)


@pytest.mark.parametrize("masked", [True, False])
def test_any_fragments(firmware: Firmware, masked: bool) -> None:
    client = firmware.login(masked=masked)
    stream = header(PUT, b"a", 100) + contents(100) + header(GET_VER) + header(GET, b"a") + b"\0\0"
    for byte in stream:
        client.say(bytes([byte]), BINARY)
    answers = [client.binary() for _ in range(7)]
    assert answers == [OK, OK, VERSION, OK, b"\x64\0" + contents(100), b"\0\0", OK]


def test_one_message(firmware: Firmware) -> None:
    client = firmware.login()
    stream = header(PUT, b"a", 9000) + contents(9000) + header(PUT, b"b", 0) + header(GET_VER)
    client.say(stream, BINARY)
    assert [client.binary() for _ in range(5)] == [OK, OK, OK, OK, VERSION]
    assert firmware.files() == {"a": contents(9000), "b": b""}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (header(GET, b"missing"), errno.ENOENT),
        (header(GET, b"."), errno.EISDIR),
        (header(PUT, b"no/where", 5), errno.ENOENT),
        (header(PUT, b"", 5), errno.EINVAL),
        (header(PUT, b"t/", 5), errno.EISDIR),
        (header(9, b"f"), errno.ENOSYS),
        (header(GET, b"f", sig=b"xx"), errno.EINVAL),
        (header(GET, b"n" * 99), errno.ENAMETOOLONG),
    ],
)
def test_errors_have_codes(firmware: Firmware, request_: bytes, code: int) -> None:
    client = firmware.login()
    client.say(request_, BINARY)
    assert client.frame() == Frame(BINARY, wb(code))
    client.say(header(GET_VER), BINARY)
    assert client.frame() == Frame(BINARY, VERSION)
    assert firmware.files() == {}


def test_an_upload_that_cannot_take_its_place(firmware: Firmware) -> None:
    (firmware.folder / "folder").mkdir()
    client = firmware.login()
    client.say(header(PUT, b"folder", 3), BINARY)
    assert client.binary() == wb(errno.EISDIR)
    assert firmware.files() == {}


def test_a_firmware_without_files(start: Callable[..., Firmware]) -> None:
    client = start(password="secret", files=0).login()
    client.say(header(PUT, b"f", 3), BINARY)
    assert client.binary() == wb(errno.EOPNOTSUPP)
    client.say(header(GET, b"f"), BINARY)
    assert client.binary() == wb(errno.EOPNOTSUPP)
    client.say(header(GET_VER), BINARY)
    assert client.binary() == VERSION


def test_a_file_is_replaced_at_once_and_whole(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(b"old")
    client = firmware.login()
    client.say(header(PUT, b"f", 10_000) + contents(9_999), BINARY)
    assert client.binary() == OK
    while len(firmware.files()) < 2:
        time.sleep(0.01)
    assert firmware.files()["f"] == b"old"
    client.say(contents(10_000)[-1:], BINARY)
    assert client.binary() == OK
    assert firmware.files() == {"f": contents(10_000)}


@pytest.mark.parametrize("sent", [0, 1, 4095, 4096, 9000])
@pytest.mark.parametrize("how", ["leave", "close"])
def test_an_upload_whose_client_goes_leaves_nothing(
    firmware: Firmware, sent: int, how: str
) -> None:
    (firmware.folder / "f").write_bytes(b"old")
    client = firmware.login()
    client.say(header(PUT, b"f", 10_000), BINARY)
    assert client.binary() == OK
    client.say(contents(sent), BINARY)
    getattr(client, how)()
    while firmware.files() != {"f": b"old"} or firmware.connected:
        time.sleep(0.01)
    client = firmware.login()
    put(client, b"f", contents(5000))
    assert firmware.files() == {"f": contents(5000)}


def test_a_download_whose_client_goes(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(contents(10_000))
    for _ in range(5):
        client = firmware.login()
        client.say(header(GET, b"f") + b"\0", BINARY)
        assert client.binary() == OK
        client.close()
        while firmware.connected:
            time.sleep(0.01)
    client = firmware.login()
    assert get(client, b"f") == contents(10_000)


def test_a_server_that_stops_in_the_middle(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(b"old")
    client = firmware.login()
    client.say(header(PUT, b"f", 10_000) + contents(5000), BINARY)
    assert client.binary() == OK
    firmware.restart()
    assert firmware.files() == {"f": b"old"}
    client = firmware.login()
    put(client, b"g", b"new")
    assert firmware.files() == {"f": b"old", "g": b"new"}


def test_a_server_that_stops_under_load(firmware: Firmware) -> None:
    for _ in range(5):
        client = firmware.login()
        flood = frame(BINARY, (header(PUT, b"f", 5000) + contents(5000)) * 200)
        thread = threading.Thread(target=swallow_errors, args=(client, flood), daemon=True)
        thread.start()
        assert [client.binary() for _ in range(4)] == [OK] * 4
        firmware.restart()
        thread.join()
        client.close()
    put(firmware.login(), b"g", b"new")
    assert firmware.files() == {"f": contents(5000), "g": b"new"}


def swallow_errors(client: FrameClient, data: bytes) -> None:
    """Sends to a connection that may end."""
    with contextlib.suppress(OSError):
        client.send(data)


def test_the_terminal_goes_on_beside_a_transfer(firmware: Firmware) -> None:
    client = firmware.login()
    data = contents(50_000)
    client.say(header(PUT, b"f", len(data)), BINARY)
    text = b""
    replies = []
    for at in range(0, len(data), 1000):
        client.say(data[at : at + 1000], BINARY)
        client.say(f"print {at}\r")
    while len(replies) < 2 or not text.endswith(b"49000\r\n>>> "):
        frame = client.frame()
        if frame.opcode == TEXT:
            text += frame.payload
        else:
            replies.append(frame.payload)
    assert replies == [OK, OK]
    assert text.count(b">>> ") == 50
    assert firmware.files() == {"f": data}


def test_transfers_need_no_program(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("busy\r")
    client.text_until(b"busy\r\n")
    put(client, b"f", contents(20_000))
    assert get(client, b"f") == contents(20_000)
    client.say("\x03")
    assert client.text_until(b">>> ") == b"\r\nKeyboardInterrupt\r\n>>> "


def test_a_download_beside_much_output(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(contents(100_000))
    client = firmware.login()
    client.say("fill 20000\r")
    assert get(client, b"f") == contents(100_000)
