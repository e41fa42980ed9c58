#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Style and static checks of everything that git tracks. Runs in build/venv, after tools/build.py.

Usage: tools/lint.py [CHECK ...]     without a name, all of them
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import node

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PAGE = ROOT / "clients" / "web"
DATABASE = ROOT / "build" / "compile_commands.json"


def tracked(*patterns: str) -> list[str]:
    """Returns the files known to git that match one of the patterns."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    listing = subprocess.check_output([*command, *patterns], cwd=ROOT, text=True)
    return [name for name in listing.split("\0") if name and (ROOT / name).exists()]


def run(tool: str, *arguments: str) -> bool:
    """Runs a tool of build/venv. Returns True if it finds nothing."""
    if not (BIN / tool).exists():
        print(f"lint: {tool} is missing: tools/environment.py {BIN.parent}", flush=True)
        return False
    return subprocess.call([BIN / tool, *arguments], cwd=ROOT) == 0


def check_python() -> bool:
    """Checks mistakes, style and format of Python."""
    found = run("ruff", "check", "--quiet", ".")
    return run("ruff", "format", "--quiet", "--check", ".") and found


def check_types() -> bool:
    """Checks types of Python: the tools, and the client, which has its own configuration."""
    client = "clients/python/pyproject.toml"
    return run("mypy") and run("mypy", "--config-file", client, "--cache-dir", "build/mypy")


def check_spelling() -> bool:
    """Checks the spelling of everything."""
    return run("codespell", *tracked())


def check_shell() -> bool:
    """Checks shell scripts, which it knows by their first line."""
    files = [ROOT / name for name in tracked() if Path(name).suffix in ("", ".sh")]
    scripts = [str(path) for path in files if re.match(rb"#!.*sh\n", path.read_bytes())]
    return run("shellcheck", *scripts)


def check_format() -> bool:
    """Checks the format of C, except for files that are compared with generated ones."""
    files = [name for name in tracked("*.c", "*.h") if "/golden/" not in name]
    return run("clang-format", "--dry-run", "-Werror", *files)


def analyse(file: str) -> str:
    """Returns what clang-tidy finds in one C file."""
    command = [str(BIN / "clang-tidy"), "-p", str(DATABASE.parent), "--quiet", file]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return (done.stdout or done.stderr) if done.returncode else ""


def check_analysis() -> bool:
    """Analyses C as it is compiled for the desktop; .clang-tidy has the checks."""
    files = {entry["file"] for entry in json.loads(DATABASE.read_text())}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = "".join(
            pool.map(analyse, sorted(file for file in files if file.endswith(".c")))
        )
    print(findings, end="", flush=True)
    return not findings


def check_page() -> bool:
    """Checks TypeScript and HTML of the terminal page; clients/web/biome.jsonc has the rules."""
    folder, source = ROOT / "build" / "web-lint", PAGE / "lint"
    lock = folder / "package-lock.json"
    environment = {**os.environ, "PATH": node.path()}
    if not lock.exists() or lock.read_bytes() != (source / lock.name).read_bytes():
        shutil.copytree(source, folder, dirs_exist_ok=True)
        subprocess.run(["npm", "ci"], cwd=folder, env=environment, check=True)
    biome = str(folder / "node_modules" / ".bin" / "biome")
    command = [biome, "lint", "--error-on-warnings"]
    return subprocess.call(command, cwd=PAGE, env=environment) == 0


def check_commits() -> bool:
    """Checks the messages of commits."""
    return subprocess.call([sys.executable, ROOT / "tools" / "commits.py"]) == 0


CHECKS: dict[str, Callable[[], bool]] = {
    "python": check_python,
    "types": check_types,
    "spelling": check_spelling,
    "shell": check_shell,
    "commits": check_commits,
    "page": check_page,
    "format": check_format,
    "analysis": check_analysis,
}


def main() -> int:
    """Runs every check even if one fails, so that one run shows everything."""
    unknown = [name for name in sys.argv[1:] if name not in CHECKS]
    if unknown:
        print(f"lint: no check '{unknown[0]}'; there are {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    passed = True
    for name in sys.argv[1:] or CHECKS:
        print(f"lint: {name}", flush=True)
        passed = CHECKS[name]() and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
