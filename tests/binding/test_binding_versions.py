# SPDX-License-Identifier: MIT
"""A MicroPython that is too old ends the build with a sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.paths import MICROPYTHON

VERSIONS = """\
#define MICROPY_MAKE_VERSION(major, minor, patch) (major << 16 | minor << 8 | patch)
#define MICROPY_VERSION MICROPY_MAKE_VERSION({})
"""
CHIP = "-DESP_PLATFORM"


def complaint(folder: Path, version: str, *options: str) -> str:
    """What the compiler says about a version of MicroPython."""
    (folder / "py").mkdir()
    (folder / "py" / "mpconfig.h").write_text(VERSIONS.format(version))
    header = MICROPYTHON / "glue" / "supported.h"
    command = ["cc", "-fsyntax-only", "-x", "c", f"-I{folder}", "-include", header, *options]
    done = subprocess.run([*command, "/dev/null"], capture_output=True, text=True)
    assert bool(done.stderr) == bool(done.returncode)
    return done.stderr


@pytest.mark.parametrize(
    ("version", "options", "sentence"),
    [
        ("1, 24, 1", [], "need MicroPython 1.25 or later."),
        ("1, 27, 0", [CHIP], "On chips the modules need MicroPython 1.28 or later"),
    ],
)
def test_what_is_too_old_is_refused(
    tmp_path: Path, version: str, options: list[str], sentence: str
) -> None:
    assert sentence in complaint(tmp_path, version, *options)


@pytest.mark.parametrize(("version", "options"), [("1, 25, 0", []), ("1, 28, 0", [CHIP])])
def test_what_works_is_built(tmp_path: Path, version: str, options: list[str]) -> None:
    assert complaint(tmp_path, version, *options) == ""
