# SPDX-License-Identifier: MIT
"""People are told when a board drops characters that they type."""

from __future__ import annotations

import pytest
from webrepl_client.unechoed import HINT, Unechoed


@pytest.mark.parametrize(
    ("output", "hint"),
    [
        ([b"print('hllo')", b"\r\nhllo\r\n"], HINT),
        (["print('hällo')\r\n".encode()], ""),
        (["print('hä".encode(), b"llo')\r\n"], ""),
        ([b"no end of a line"], ""),
    ],
)
def test_what_is_not_echoed_is_told(output: list[bytes], hint: str) -> None:
    unechoed = Unechoed()
    unechoed.typed("print('hällo')\r".encode())
    assert "".join(map(unechoed.shown, output)) == hint


def test_it_is_told_once() -> None:
    unechoed = Unechoed()
    told = []
    for _ in range(2):
        unechoed.typed("ä\r".encode())
        told.append(unechoed.shown(b"\r\n"))
    assert told == [HINT, ""]


def test_ascii_is_never_missed() -> None:
    unechoed = Unechoed()
    unechoed.typed(b"1\r")
    assert unechoed.shown(b"\r\n") == ""


def test_a_person_reads_it(board, person) -> None:
    somebody = person(board.address)
    somebody.expect(">>> ")
    somebody.type("print('h\u00e4llo')\r")
    somebody.expect("takes ASCII only")
    somebody.expect(">>> ")
