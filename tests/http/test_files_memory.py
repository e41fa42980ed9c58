# SPDX-License-Identifier: MIT
"""A file of any length is sent in little memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from .files_app import write
from .http_app import Launch


@pytest.mark.usefixtures("memory_in_use")
def test_it_does_not_grow_with_the_file(launch: Launch, tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(64_000_000)
    write(tmp_path / "short", b"short")
    app = launch(base=str(tmp_path))
    app.get("/fs/short")
    before = app.most_memory()
    assert app.get("/fs/sparse").body.count(0) == 64_000_000
    assert app.most_memory() - before < 2_000_000
