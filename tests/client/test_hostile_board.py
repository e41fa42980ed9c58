# SPDX-License-Identifier: MIT
"""What a board may say to harm who asks: see also test_second_session.py."""

from __future__ import annotations

import pytest
from webrepl_client import transfer
from webrepl_client.cli.output import harmless
from webrepl_client.errors import RemoteFileError
from webrepl_client.files import Entry


class Endless:
    """A board whose directories have no end."""

    def listdir(self, path: str) -> list[Entry]:
        return [Entry("again", True, 0)]


def test_directories_without_end() -> None:
    with pytest.raises(RemoteFileError, match="symbolic links"):
        transfer.walk_there(Endless(), "dir")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("a\rb", "a\\rb"),
        ("größe 数 🙂\tx\n", "größe 数 🙂\tx\n"),
    ],
)
def test_names_do_not_control_the_terminal(name: str, shown: str) -> None:
    assert harmless(name) == shown


def test_a_terminal_is_spared_them(board, person) -> None:
    (board.directory / "a\x1b[31mred").write_text("")
    asked = person("-c", board.address, "ls")
    assert asked.status() == 0
    assert "a\\x1b[31mred" in asked.screen
