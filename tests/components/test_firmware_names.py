# SPDX-License-Identifier: MIT
"""A firmware may call its own functions as it likes: the server calls none of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.process import build_program


@pytest.fixture(scope="module")
def program() -> Path:
    """The built firmware."""
    return build_program(Path(__file__).parent, "firmware_names")


@pytest.fixture
def server(program: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """The firmware, which serves and receives in a folder with one file."""
    (tmp_path / "page.html").write_text("<h1>Hello</h1>")
    with subprocess.Popen([program, tmp_path], stdout=subprocess.PIPE, text=True) as firmware:
        try:
            assert firmware.stdout
            port = int(firmware.stdout.readline().split()[1])
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
                yield client
            assert firmware.poll() is None
        finally:
            firmware.kill()


def test_a_file(server: httpx.Client) -> None:
    assert server.get("/page.html").text == "<h1>Hello</h1>"
    part = server.get("/page.html", headers={"Range": "bytes=4-8"})
    assert (part.status_code, part.text) == (206, "Hello")


def test_missing_urls_are_not_found(server: httpx.Client) -> None:
    assert (server.get("/none").status_code, server.get("/none").text) == (404, "404 Not Found\n")


def test_a_form(server: httpx.Client, tmp_path: Path) -> None:
    answer = server.post("/up/", files={"file": ("note.txt", b"by a form")})
    assert answer.status_code == 201, answer.text
    assert (tmp_path / "note.txt").read_bytes() == b"by a form"
