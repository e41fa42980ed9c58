# SPDX-License-Identifier: MIT
"""REDbot, which sends many kinds of requests, finds nothing wrong with served files."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from .files_app import write
from .http_app import App, Launch

pytest.importorskip("redbot")
NOTES = Path(__file__).with_name("redbot_notes.py")
AGE = 1_700_000_000
TEXT = b"".join(b"line %d\n" % i for i in range(1000))


@pytest.fixture
def app(launch: Launch, tmp_path: Path) -> App:
    """A server with one file of each kind."""
    (tmp_path / "sub").mkdir()
    write(tmp_path / "index.html", b"<!doctype html><title>x</title><pre>" + TEXT, AGE)
    write(tmp_path / "plain.txt", TEXT, AGE)
    write(tmp_path / "both.js", b"// " + TEXT, AGE)
    write(tmp_path / "both.js.gz", gzip.compress(b"// " + TEXT, mtime=0), AGE)
    write(tmp_path / "data.bin", bytes(range(256)) * 100, AGE)
    write(tmp_path / "ä b.json", b"[%s]" % b", ".join([b"1"] * 1000), AGE)
    return launch(base=str(tmp_path))


def notes(app: App, target: str) -> list[dict[str, str]]:
    """The status, followed by the notes."""
    url = f"http://127.0.0.1:{app.port}{target}"
    output = subprocess.check_output([sys.executable, NOTES, url], text=True, timeout=60)
    return [json.loads(line) for line in output.splitlines()]


@pytest.mark.parametrize(
    ("target", "status", "good"),
    [
        ("/fs/", 200, {"INM_304", "IMS_304", "RANGE_CORRECT"}),
        ("/fs/plain.txt", 200, {"INM_304", "IMS_304", "RANGE_CORRECT", "CL_CORRECT"}),
        ("/fs/both.js", 200, {"INM_304", "IMS_304", "RANGE_CORRECT", "CONNEG_GZIP_GOOD"}),
        ("/fs/data.bin", 200, {"INM_304", "IMS_304", "RANGE_CORRECT"}),
        ("/fs/%C3%A4%20b.json", 200, {"INM_304", "IMS_304", "RANGE_CORRECT"}),
        ("/fs/sub/", 200, set()),
        ("/fs/sub", 301, set()),
        ("/fs/nothing", 404, set()),
    ],
)
def test_there_is_nothing_to_say(app: App, target: str, status: int, good: set[str]) -> None:
    (found, *said) = notes(app, target)
    assert found["name"] == status
    assert not [note for note in said if note["level"] in ("bad", "warning")]
    assert good <= {note["name"] for note in said}
