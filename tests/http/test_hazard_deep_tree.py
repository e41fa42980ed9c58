# SPDX-License-Identifier: MIT
"""Trees as deep as a URL can make them are removed in steps that do not grow with the depth."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .files_app import settled
from .http_app import App, files


def make(root: Path, depth: int) -> None:
    """A directory in a directory in a directory, by mkdir: Python would run out of stack."""
    subprocess.run(["mkdir", "-p", root / ("x" + "/d" * depth)], check=True)


def steps_of_removal(app: App, root: Path, depth: int) -> int:
    """How many names the file system had to follow."""
    make(root, depth)
    settled(app)
    assert app.request("/up/x/?force=1", "DELETE").code == 204
    assert files(root) == {}
    return json.loads(app.command("storage"))["steps"]


def test_twice_the_depth_is_twice_the_work(receiver: App, root: Path) -> None:
    half = steps_of_removal(receiver, root, 400)
    assert steps_of_removal(receiver, root, 800) < 2.5 * half


def test_branches_at_all_depths(receiver: App, root: Path) -> None:
    path = root / "x"
    for level in range(40):
        (path / "e" / "f").mkdir(parents=True)
        (path / "a").write_bytes(b"1")
        path = path / f"d{level}"
    assert receiver.request("/up/x/?force=1", "DELETE").code == 204
    assert files(root) == {}


@pytest.mark.parametrize("depth", [15, 16, 17, 31, 32, 33, 40])
def test_what_stays_is_where_it_was(receiver: App, root: Path, depth: int) -> None:
    """A refusal at the bottom ends the removal."""
    make(root, depth)
    (root / ("x" + "/d" * depth) / "acl-403").write_bytes(b"1")
    before = files(root)
    assert receiver.request("/up/x/?force=1", "DELETE").code == 403
    assert files(root) == before
