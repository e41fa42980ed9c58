# SPDX-License-Identifier: MIT
"""A power cut where files cannot be replaced in one step: the new file is not lost too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.waiting import eventually

from .files_app import settled
from .http_app import App, Launch, files


@pytest.fixture
def app(launch: Launch, root: Path) -> App:
    """A server that lost its power after the old file was removed and before the new one came."""
    (root / "a").write_bytes(b"old")
    app = launch(root=root)
    app.command("gap")
    assert app.request("/up/a", "PUT", body=b"new").code == 500
    app.command("stop")
    app.command("fail 0")
    app.start()
    settled(app)
    return app


def test_the_next_start_puts_it_in_its_place(app: App, root: Path) -> None:
    eventually(lambda: files(root) == {"a": b"new"})


def test_a_file_that_came_meanwhile_stays(app: App, root: Path) -> None:
    eventually(lambda: files(root) == {"a": b"new"})
    (root / "0123abcd.~up").write_bytes(b"old news")
    (root / "0123abcd.~to").write_bytes(b"f0123abcd.~up\0a\0")
    app.command("receive")
    eventually(lambda: files(root) == {"a": b"new"})


@pytest.mark.parametrize(
    "note",
    [
        *(b"", b"f", b"f\0", b"f\0\0", b"f0123abcd.~up\0", b"f0123abcd.~up\0b"),
        *(b"x0123abcd.~up\0b\0", b"f0123abcd.~up\0b\0more", b"f\0b\0", b"f" + b"x" * 9000),
    ],
)
def test_a_note_that_was_not_finished_says_nothing(app: App, root: Path, note: bytes) -> None:
    eventually(lambda: files(root) == {"a": b"new"})
    (root / "0123abcd.~up").write_bytes(b"half")
    (root / "0123abcd.~to").write_bytes(note)
    app.command("receive")
    eventually(lambda: files(root) == {"a": b"new"})


@pytest.mark.parametrize("kind", [b"f", b"c"])
def test_a_note_may_be_about_another_directory(app: App, root: Path, kind: bytes) -> None:
    eventually(lambda: files(root) == {"a": b"new"})
    (root / "x").mkdir()
    (root / "from").write_bytes(b"moved")
    note = kind + bytes(root / "from") + b"\0to\0"
    (root / "x" / "0123abcd.~to").write_bytes(note)
    app.command("receive")
    eventually(lambda: files(root) == {"a": b"new", "x": None, "x/to": b"moved"})


def test_two_names_of_one_file_become_one(app: App, root: Path) -> None:
    """FAT's directory may look like this. Removing one name would free the other's contents."""
    eventually(lambda: files(root) == {"a": b"new"})
    contents = b"0123456789" * 1000
    (root / "a").write_bytes(contents)
    (root / "from").write_bytes(contents)
    (root / "0123abcd.~to").write_bytes(b"ffrom\0a\0")
    before = (root / "a").stat().st_ino
    app.command("receive")
    eventually(lambda: files(root) == {"a": contents})
    assert (root / "a").stat().st_ino != before
