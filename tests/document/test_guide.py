# SPDX-License-Identifier: MIT
"""The programs of the guide run, and answer what it shows."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.program import Program, Run, with_any_port
from tests.support.waiting import PATIENCE

from .documents import Block, blocks_of

PAGES = [
    path
    for name in ("guide-*", "start-*", "from-webrepl")
    for path in (ROOT / "docs").glob(f"{name}.md")
]


def sessions_of(page: Path) -> list[tuple[Block, Block | None]]:
    """The programs of a page that make a server, each with the session in a shell below it."""
    blocks = [block for block in blocks_of(page) if block.kind in ("python", "console")]
    below = [*blocks[1:], None]
    return [
        (block, after if after and after.kind == "console" else None)
        for block, after in zip(blocks, below)
        if "uhttpd.Server(" in block.text
    ]


SESSIONS = [pair for page in sorted(PAGES) for pair in sessions_of(page)]


def answer_to(board: Program, command: str) -> str:
    """What a command prints that a reader types into a shell."""
    here = command.replace("127.0.0.1:8080", f"127.0.0.1:{board.port}")
    quiet = re.sub(r"\bcurl\b", "curl -sS", here)
    done = subprocess.run(
        ["bash", "-c", quiet],
        cwd=board.directory,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.stdout


def fits(answer: str, shown: str) -> bool:
    """Whether an answer is the one that is shown. "..." may be anything; dicts have no order."""
    try:
        return bool(json.loads(answer) == json.loads(shown))
    except ValueError:
        pattern = re.sub(r"([\[*?])", r"[\1]", shown).replace("...", "*")
        return fnmatch.fnmatchcase(answer.rstrip("\n"), pattern.rstrip("\n"))


@pytest.mark.parametrize(
    ("program", "session"), SESSIONS, ids=lambda block: block.document if block else ""
)
def test_a_program_answers_what_is_shown(
    run: Run, tmp_path: Path, program: Block, session: Block | None
) -> None:
    (tmp_path / "www").mkdir()
    board = run(with_any_port(program.text))
    assert board.port
    for step in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", session.text if session else "", re.M):
        answer = answer_to(board, step[0])
        assert fits(answer, step[1]), f"{step[0]}\n{answer}\nand not\n{step[1]}"
