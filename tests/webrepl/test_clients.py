# SPDX-License-Identifier: MIT
"""PyPI's webrepl, unchanged, and the page."""

from __future__ import annotations

import gzip
import http.client
from pathlib import Path

import pytest
import webrepl

from tests.support.waiting import PATIENCE

from .firmware import EDITOR, PAGE, Firmware


@pytest.fixture
def repl(firmware: Firmware) -> webrepl.Webrepl:
    """PyPI's webrepl 0.2.0: unmasked frames, no version in its handshake, no pongs."""
    client = webrepl.Webrepl(host="127.0.0.1", port=firmware.port, password="secret")
    client.s.settimeout(PATIENCE)
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


@pytest.mark.parametrize(
    ("path", "mime", "contents"),
    [
        ("/", "text/html; charset=utf-8", PAGE),
        ("/?editor", "text/javascript; charset=utf-8", EDITOR),
        ("/?editors", "text/html; charset=utf-8", PAGE),
    ],
)
def test_a_plain_get_is_answered_with_the_page_or_its_editor(
    firmware: Firmware, path: str, mime: str, contents: bytes
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", firmware.port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["Content-Type"] == mime
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.read()) == contents
    connection.request("GET", path, headers={"If-None-Match": response.headers["ETag"]})
    again = connection.getresponse()
    assert again.status == 304
    assert again.read() == b""
    connection.request("HEAD", path)
    head = connection.getresponse()
    assert head.status == 200
    assert head.headers["ETag"] == response.headers["ETag"]
    assert head.read() == b""
