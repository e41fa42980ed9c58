# SPDX-License-Identifier: MIT
"""npm packages that tests use, in the versions of their package-lock.json."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from tools import node

from .paths import BUILD


def environment() -> dict[str, str]:
    """Where `node` and `npm` are found."""
    return {**os.environ, "PATH": node.path()}


def install(source: Path) -> Path:
    """Copies a folder with a package.json to build/ and installs it there, unless that is done.

    No script of a package is run.
    """
    target = BUILD / source.name
    shutil.copytree(source, target, dirs_exist_ok=True)
    done = target / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < (source / "package-lock.json").stat().st_mtime:
        command = ["npm", "ci", "--silent", "--ignore-scripts"]
        subprocess.run(command, cwd=target, check=True, env=environment())
    return target


def run(script: Path, *arguments: str, told: object) -> object:
    """Runs a script that takes JSON and returns JSON."""
    command = ["node", script, *arguments]
    done = subprocess.run(
        command,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=300,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
