# SPDX-License-Identifier: MIT
"""ota() on a board whose flash is files: what is refused, and what a new firmware has to prove."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import httpx
import pytest

from tests.support.board import provide
from tests.support.http import HttpClient
from tests.support.program import Program, Run
from tests.support.waiting import PATIENCE, eventually

PASSWORD = "a long password"
CHIP = 5  # an ESP32-C3
OWNER = ("ota", PASSWORD)

PROGRAM = """
import sys
sys.path.insert(0, '.')
sys.modules.pop('machine', None)
import esp32
print('STARTS', esp32.start())
import uhttpd, uhttpd_ota
uhttpd_ota.RESET_MS = 1
httpd = uhttpd.Server(0, max_body=0)
print('OTA', repr(uhttpd.ota(httpd, {password!r}, file='note', check={check})))
print('PORT', httpd.port())
input()
"""


def image(size: int = 10_000, chip: int = CHIP, magic: int = 0xE9, digest: int = 1) -> bytes:
    """A firmware as esptool makes it: a head, and the digest at its end."""
    head = bytes([magic, 1, 2, 0x20]) + bytes(8) + chip.to_bytes(2, "little") + bytes(9)
    body = head + bytes([digest]) + bytes(i % 251 for i in range(size - 56))
    return body + hashlib.sha256(body).digest()


class Board:
    """A board with two partitions."""

    def __init__(self, run: Run, folder: Path) -> None:
        """Has a firmware in the first one."""
        self.run, self.folder = run, folder
        provide(folder, "esp32", "machine")
        (folder / "ota_0").write_bytes(image().ljust(12288, b"\xff"))

    def start(self, check: str = "None") -> tuple[Program, str]:
        """Resets the board. Returns what it says of the last update, too."""
        program = self.run(PROGRAM.format(password=PASSWORD, check=check))
        return program, program.expect(r"OTA '.*'")

    def state(self) -> dict[str, str]:
        """What the bootloader knows."""
        return json.loads((self.folder / "boot.json").read_text())


@pytest.fixture
def board(run: Run, tmp_path: Path) -> Board:
    return Board(run, tmp_path)


def send(program: Program, body: bytes, auth: tuple[str, str] | None = OWNER) -> httpx.Response:
    """Sends an image."""
    return httpx.put(program.url("/ota"), content=body, auth=auth, timeout=PATIENCE)


@pytest.mark.parametrize("size", [56, 4096, 4100, 10_000, 16 * 4096])
def test_a_new_firmware_starts_and_stays(board: Board, size: int) -> None:
    program, said = board.start()
    assert "STARTS ota_0" in said and said.endswith("OTA ''")
    answer = send(program, image(size))
    assert (answer.status_code, answer.text[:6]) == (200, "Stored")
    program.expect("RESET")
    assert (board.folder / "ota_1").read_bytes()[:size] == image(size)
    assert board.state()["probation"] == "ota_1"
    _, said = board.start("lambda: True")
    assert "STARTS ota_1" in said and said.endswith("OTA 'new'")
    assert board.state()["probation"] == ""
    _, said = board.start("lambda: 1 / 0")  # is not asked any more
    assert "STARTS ota_1" in said and said.endswith("OTA ''")


@pytest.mark.parametrize("check", ["lambda: False", "lambda: None", "lambda: 1 / 0"])
def test_a_firmware_that_does_not_work_is_left(board: Board, check: str) -> None:
    program, _ = board.start()
    assert send(program, image()).status_code == 200
    program.expect("RESET")
    failing = board.run(PROGRAM.format(password=PASSWORD, check=check))
    assert "the board goes back to the old one.\nRESET" in failing.finish()
    program, said = board.start(check)
    assert "STARTS ota_0" in said and said.endswith("OTA 'back'")
    page = httpx.get(program.url("/ota"), auth=OWNER)
    assert "The last update did not work" in page.text
    assert board.start(check)[1].endswith("OTA ''")


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"", 400, "no image"),
        (image()[:55], 400, "no image"),
        (image(magic=0xE8), 400, "no image"),
        (image(chip=9), 400, "another chip"),
        (image(digest=0), 400, "no digest"),
        (image()[:-1] + b"\0", 400, "digest is wrong"),
        (image()[:5000] + b"!" + image()[5001:], 400, "digest is wrong"),
        (image() + b"\xff" * 100, 400, "digest is wrong"),
        (image(16 * 4096 + 1), 413, "room for 65536 bytes"),
    ],
)
def test_what_is_no_firmware_is_refused(
    board: Board, body: bytes, status: int, sentence: str
) -> None:
    program, _ = board.start()
    answer = send(program, body)
    assert answer.status_code == status and sentence in answer.text
    assert board.state()["boot"] == "ota_0" and not (board.folder / "note").exists()


def test_an_image_that_the_bootloader_refuses_does_not_start(board: Board) -> None:
    body = image()[:-32].replace(bytes(range(100, 106)), b"BROKEN")
    program, _ = board.start()
    answer = send(program, body + hashlib.sha256(body).digest())
    assert (answer.status_code, board.state()["boot"]) == (400, "ota_0")
    assert "does not accept" in answer.text


def test_nobody_replaces_the_firmware_without_the_password(board: Board) -> None:
    program, _ = board.start()
    for auth in (None, ("ota", "wrong"), ("root", PASSWORD), ("ota", "")):
        assert send(program, image(), auth).status_code == 401
    assert httpx.get(program.url("/ota")).status_code == 401
    page = httpx.get(program.url("/ota"), auth=OWNER)
    assert "<form" in page.text and "default-src 'none'" in page.headers["Content-Security-Policy"]
    eventually(lambda: send(program, image(), ("ota", "guess")).status_code == 429)
    assert not (board.folder / "ota_1").exists()


def test_an_upload_that_breaks_off_changes_nothing(board: Board) -> None:
    program, _ = board.start()
    head = httpx.Request("PUT", program.url("/ota"), content=image()).headers
    client = HttpClient(program.port)
    basic = httpx.BasicAuth(*OWNER)._auth_header
    client.send(
        f"PUT /ota HTTP/1.1\r\nHost: {head['Host']}\r\nAuthorization: {basic}\r\n"
        "Content-Length: 60000\r\n\r\n"
    )
    client.send(image(60_000)[:50_000])
    eventually(lambda: (board.folder / "ota_1").exists())
    assert send(program, image()).status_code == 409
    client.close()
    eventually(lambda: send(program, image()).status_code == 200)


def test_wrong_arguments_are_refused(board: Board) -> None:
    program = board.run("""
import uhttpd
def attempt(*args, **kwargs):
    try:
        uhttpd.ota(httpd, *args, **kwargs)
    except (TypeError, ValueError) as error:
        print(error)
httpd = uhttpd.Server(0)
attempt(b'long enough')
attempt('short')
attempt('long enough', user='a:b')
""")
    assert [line.split()[0] for line in program.finish().splitlines()] == [
        *("password", "password", "auth:")
    ]
