# SPDX-License-Identifier: MIT
"""What nm says of object files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path


def defined_names(files: Iterable[Path], weak: bool = True) -> set[str]:
    """The names that these files define for others, with or without weak ones."""
    command = ["nm", "--extern-only", "--defined-only", "--format=posix", *map(str, files)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = (line.split() for line in output.splitlines())
    found = [words for words in lines if len(words) > 2]
    return {words[0] for words in found if weak or words[1] not in "WwVv"}


def used_names(files: Iterable[Path]) -> set[str]:
    """The names that these files expect others to define."""
    command = ["nm", "--undefined-only", "--format=posix", *map(str, files)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in output.splitlines() if len(line.split()) > 1}
