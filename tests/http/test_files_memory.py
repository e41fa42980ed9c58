# SPDX-License-Identifier: MIT
"""A file of any length is sent in little memory."""

from __future__ import annotations

from pathlib import Path

from files_app import Launch, write
from http_app import App


def test_it_does_not_grow_with_the_file(launch: Launch, tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(64_000_000)
    write(tmp_path / "short", b"short")
    app = launch(base=str(tmp_path))
    app.get("/fs/short")
    before = most_memory(app)
    assert app.get("/fs/sparse").body.count(0) == 64_000_000
    assert most_memory(app) - before < 2_000_000


def most_memory(app: App) -> int:
    """Bytes that the process has held at most."""
    status = Path(f"/proc/{app.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024
