# SPDX-License-Identifier: MIT
"""The generator's command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.paths import MICROPYTHON

STUB = '"""A module."""\n\ndef f() -> None:\n    """Does."""\n'


def bindgen(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bindgen", *map(str, arguments)]
    return subprocess.run(command, cwd=MICROPYTHON, capture_output=True, text=True, timeout=60)


def test_files_are_written(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    done = bindgen("uhttpd.pyi", "_webrepl.pyi", "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in out.iterdir()} == {
        *("uhttpd_bindings.c", "uhttpd_bindings.h", "_webrepl_bindings.c", "_webrepl_bindings.h")
    }


def test_files_that_stay_the_same_keep_their_time(tmp_path: Path) -> None:
    stub = tmp_path / "m.pyi"
    stub.write_text(STUB)
    bindgen(stub, "--out", tmp_path)
    before = (tmp_path / "m_bindings.c").stat().st_mtime_ns
    bindgen(stub, "--out", tmp_path)
    assert (tmp_path / "m_bindings.c").stat().st_mtime_ns == before


def test_check_passes_and_fails_and_writes_nothing(tmp_path: Path) -> None:
    stub = tmp_path / "m.pyi"
    stub.write_text(STUB)
    missing = bindgen(stub, "--out", tmp_path, "--check")
    assert missing.returncode == 1
    assert "m_bindings.c: not up to date" in missing.stderr
    assert not (tmp_path / "m_bindings.c").exists()

    bindgen(stub, "--out", tmp_path)
    assert bindgen(stub, "--out", tmp_path, "--check").returncode == 0

    stub.write_text(STUB.replace("def f", "def g"))
    assert bindgen(stub, "--out", tmp_path, "--check").returncode == 1
    assert "module_f" in (tmp_path / "m_bindings.c").read_text()


def test_error_is_one_line_with_file_and_line(tmp_path: Path) -> None:
    stub = tmp_path / "m.pyi"
    stub.write_text(STUB + "import os\n")
    done = bindgen(stub, "--out", tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"{stub}:5: unsupported: import os\n"


def test_missing_stub_is_an_error(tmp_path: Path) -> None:
    done = bindgen(tmp_path / "none.pyi", "--out", tmp_path)
    assert done.returncode == 2
    assert "none.pyi" in done.stderr
