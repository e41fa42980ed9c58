# SPDX-License-Identifier: MIT
"""The command takes the arguments of MicroPython's webrepl_cli.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from webrepl_client.cli.official import translate

from .desktop import webrepl


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("a.py 10.0.0.1:/b.py", "-c 10.0.0.1 put a.py /b.py"),
        ("a.py 10.0.0.1:", "-c 10.0.0.1 put a.py /"),
        ("-p pw 10.0.0.1:/app/a.py .", "-p pw -c 10.0.0.1 get /app/a.py ."),
        ("10.0.0.1:81:a.py b.py -p pw", "-p pw -c 10.0.0.1:81 get a.py b.py"),
        ("board.local ls", None),
        ("10.0.0.1:8266 ls", None),
        ("ws://10.0.0.1/ws ls", None),
        ("cp a", None),
        ("a:b c:d", None),
        ("10.0.0.1", None),
    ],
)
def test_its_words_are_translated(words: str, wanted: str | None) -> None:
    assert translate(words.split()) == (wanted.split() if wanted else None)


def test_put_and_get(board, here: Path) -> None:
    (here / "a").write_bytes(os.urandom(3000))
    done = webrepl("-p", "swordfish", "a", f"{board.address}:b", cwd=here, password=None)
    assert done.status == 0, done
    done = webrepl(f"{board.address}:b", "c", "-p", "swordfish", cwd=here, password=None)
    assert done.status == 0, done
    assert (here / "c").read_bytes() == (here / "a").read_bytes()
    assert webrepl("-p", "swordfish", f"{board.address}:nothing", "d", cwd=here).status == 1


def test_a_host_alone_is_the_prompt(board, person) -> None:
    somebody = person("-p", "swordfish", board.address, password=None)
    somebody.expect(">>> ")
    somebody.type("\x1d")
    assert somebody.status() == 0
