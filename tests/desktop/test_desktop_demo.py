# SPDX-License-Identifier: MIT
"""The demo says why it cannot start, and leaves no prompt behind."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

from tests.support.paths import ROOT

PROGRAM = [ROOT / "build" / "host" / "micropython", ROOT / "examples" / "demo.py"]


def reason(tmp_path: Path, port: str) -> str:
    """What it says last, when it has ended with status 1."""
    done = subprocess.run(
        PROGRAM,
        env={**os.environ, "PORT": port, "FOLDER": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_a_port_that_cannot_be_had_ends_it_with_a_sentence(tmp_path: Path) -> None:
    assert reason(tmp_path, "abc") == "PORT must be a number up to 65535, and not 'abc'"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = f"Port {port} of 127.0.0.1 is in use; make run PORT=... takes another"
        assert reason(tmp_path, str(port)) == sentence
