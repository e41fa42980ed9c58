# SPDX-License-Identifier: MIT
"""The blocks of code in documents, and what is done with each."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.support.paths import ROOT

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
GENERATED = ("docs/reference-",)


class Block(NamedTuple):
    """A block of code."""

    document: str
    kind: str
    text: str


def documents() -> list[Path]:
    """What people read to use the project, but for what is generated from stubs."""
    patterns = ["README.md", "docs/*.md", "examples/**/*.md", "clients/python/*.md"]
    patterns += ["micropython/stubs/*.md", "CONTRIBUTING.md", "SECURITY.md"]
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    names = subprocess.check_output([*command, *patterns], cwd=ROOT, text=True).split("\0")
    return [ROOT / name for name in names if name and not name.startswith(GENERATED)]


def blocks_of(path: Path) -> list[Block]:
    """The blocks of a document."""
    name = str(path.relative_to(ROOT))
    return [Block(name, *found) for found in BLOCK.findall(path.read_text("utf-8"))]


def commands(block: Block) -> list[str]:
    """The commands of a block for shells, without comments."""
    lines = block.text.replace("\\\n", " ").splitlines()
    plain = (re.sub(r"(^|\s+)#\s.*", "", line).strip() for line in lines)
    return [line for line in plain if line]
