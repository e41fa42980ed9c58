# SPDX-License-Identifier: MIT
"""The package of stubs, installed in an empty environment, as mypy and pyright see it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import npm
from tests.support.paths import BUILD, ROOT

HERE = Path(__file__).parent
ELSEWHERE = "from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n"
"""The stub of a module of MicroPython's, which another package describes."""

ALLOWED = re.compile(r'"(mem_\w+|ticks_\w+|sleep_ms|__setitem__)"')
"""What MicroPython adds to modules that CPython has; dicts whose values differ in type."""

Found = list[tuple[str, int, str]]
"""What a checker has found: name of a file, line, sentence."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples and our programs in a folder, with an environment that has only the stubs."""
    folder = tmp_path_factory.mktemp("project")
    subprocess.run([sys.executable, ROOT / "tools" / "stubs.py", folder], check=True)
    venv.create(folder / "venv", with_pip=False)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", folder / "venv" / "bin" / "python"]
    wheels = folder.glob("*.whl")
    subprocess.run([*pip, "install", "--no-index", "--no-deps", *wheels], check=True)
    for main in (ROOT / "examples").glob("*/main.py"):
        shutil.copy(main, folder / f"{main.parent.name}.py")
    shutil.copy(ROOT / "examples" / "webrepl_on_boot" / "boot.py", folder / "boot.py")
    shutil.copytree(ROOT / "examples" / "template" / "templates", folder / "templates")
    for name in ("right.py", "wrong.py"):
        shutil.copy(HERE / name, folder)
    for name in ("esp32", "network"):
        (folder / f"{name}.pyi").write_text(ELSEWHERE)
    return folder


def mypy(project: Path) -> Found:
    """What mypy finds. Examples have no annotations."""
    allowed = ("untyped-defs", "untyped-calls", "untyped-decorators")
    options = [*(f"--allow-{name}" for name in allowed), "--disable-error-code=var-annotated"]
    python = project / "venv" / "bin" / "python"
    command = [sys.executable, "-m", "mypy", "--strict", *options, "--python-executable", python]
    files = sorted(path.name for path in project.glob("*.py"))
    done = subprocess.run(
        [*command, "--cache-dir", BUILD / "mypy-stubs", *files],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    lines = re.findall(r"^(\w+\.py):(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    return [(name, int(line), sentence) for name, line, sentence in lines]


def pyright(project: Path) -> Found:
    """What pyright finds, on which VS Code's completion is built."""
    settings = {"venvPath": ".", "venv": "venv", "reportMissingModuleSource": False}
    (project / "pyrightconfig.json").write_text(json.dumps({**settings, "include": ["*.py"]}))
    program = npm.install(HERE / "pyright") / "node_modules" / "pyright" / "index.js"
    done = subprocess.run(
        ["node", program, "--outputjson"],
        cwd=project,
        capture_output=True,
        text=True,
        env=npm.environment(),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return [
        (Path(found["file"]).name, found["range"]["start"]["line"] + 1, found["message"])
        for found in json.loads(done.stdout)["generalDiagnostics"]
    ]


@pytest.mark.parametrize("check", [mypy, pyright])
def test_checkers_know_the_modules(check: Callable[[Path], Found], project: Path) -> None:
    found = check(project)
    others = [entry for entry in found if entry[0] != "wrong.py"]
    assert [entry for entry in others if not ALLOWED.search(entry[2])] == []
    wrong = (HERE / "wrong.py").read_text("utf-8").splitlines()
    expected = {n: line.split("# ")[1] for n, line in enumerate(wrong[2:], 3) if "  # " in line}
    mistakes = {line: sentence for name, line, sentence in found if name == "wrong.py"}
    assert mistakes.keys() == expected.keys()
    assert all(expected[line] in sentence for line, sentence in mistakes.items())
