# SPDX-License-Identifier: MIT
"""Writes compile_commands.json: how each C file of the desktop is compiled, for editors and lint.

The components' commands come from CMake, and the binding's from MicroPython's Makefile.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = ROOT / "build" / "compile_commands.json"
LINK = ROOT / DATABASE.name  # where editors look


def of_makefile(folder: Path, arguments: list[str]) -> list[dict[str, object]]:
    """Returns the commands that make would run in a folder for our C files."""
    dry_run = ["make", "--dry-run", "--always-make", "-C", str(folder), *arguments]
    listing = subprocess.run(dry_run, capture_output=True, check=True, text=True).stdout
    entries: list[dict[str, object]] = []
    for line in listing.splitlines():
        command, _, _ = line.partition(" || ")
        if " -c " in command and command.endswith(".c"):
            words = shlex.split(command)
            entries.append({"directory": str(folder), "arguments": words, "file": words[-1]})
    return [entry for entry in entries if str(entry["file"]).startswith(f"{ROOT}/micropython/")]


def write(cmake: Path, makefile: Path, arguments: list[str]) -> None:
    """Joins what CMake has written in one folder with what make would run in another."""
    entries = json.loads((cmake / DATABASE.name).read_text())
    entries += of_makefile(makefile, arguments)
    DATABASE.write_text(json.dumps(entries, indent=1))
    if not LINK.is_symlink():
        LINK.symlink_to(DATABASE.relative_to(ROOT))
