# SPDX-License-Identifier: MIT
"""A power cut where no file can be replaced in one step: the new one is not lost with the old."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.waiting import eventually

from .files_app import settled
from .http_app import App, Launch, files


@pytest.fixture
def app(launch: Launch, root: Path) -> App:
    """A server that lost its power when the old file had gone and the new one not yet come."""
    (root / "a").write_bytes(b"old")
    app = launch(root=root)
    app.command("gap")
    assert app.request("/up/a", "PUT", body=b"new").code == 500
    app.command("stop")
    app.command("fail 0")
    app.start()
    settled(app)
    return app


def test_one_of_both_stays(app: App, root: Path) -> None:
    (root / "0123abcd.~up").write_bytes(b"left")
    app.command("receive")
    eventually(lambda: not (root / "0123abcd.~up").exists())
    assert list(files(root).values()) == [b"new"]
    (name,) = files(root)
    assert name.endswith(".~ok")


def test_it_goes_when_the_file_is_there_again(app: App, root: Path) -> None:
    assert app.request("/up/a", "PUT", body=b"newer").code == 201
    app.command("receive")
    eventually(lambda: files(root) == {"a": b"newer"})
