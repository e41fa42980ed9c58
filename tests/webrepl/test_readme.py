# SPDX-License-Identifier: MIT
"""The example in the component's README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process import LineProgram, build_folder
from tests.support.waiting import eventually

from .firmware import CONNECTED, PROMPT, FrameClient

PASSWORD = "any password, of any length"


@pytest.fixture
def example(program: Path, tmp_path: Path) -> Iterator[LineProgram]:
    """The example, which runs for ever."""
    example = LineProgram([build_folder(Path(__file__).parent) / "readme_example"], {}, tmp_path)
    example.take_port(example.greeting)
    yield example
    example.cut_power()


def sleeps(example: LineProgram) -> bool:
    """Whether none of its threads runs or could run."""
    tasks = Path(f"/proc/{example.process.pid}/task").iterdir()
    states = [(task / "stat").read_text().rpartition(")")[2].split()[0] for task in tasks]
    return set(states) == {"S"}


def test_it_echoes_and_sleeps_meanwhile(example: LineProgram) -> None:
    eventually(lambda: sleeps(example))
    client = FrameClient(example.port, path="/ws")
    assert client.text(len(PROMPT)) == PROMPT
    client.say(PASSWORD + "\r")
    assert client.text(len(CONNECTED)) == CONNECTED
    client.say("as it was typed")
    assert client.text(len("as it was typed")) == b"as it was typed"
    eventually(lambda: sleeps(example))
    client.close()
    eventually(lambda: sleeps(example))
