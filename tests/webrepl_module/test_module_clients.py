# SPDX-License-Identifier: MIT
"""A deployed client, PyPI's webrepl, on both kinds of servers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import webrepl

from tests.support.program import Program

from .servers import ACCEPTING, NATIVE

PASSWORD = "python"


@pytest.fixture(params=["native", "accepting"])
def client(request: pytest.FixtureRequest, run, free_port: int) -> webrepl.Webrepl:
    """A client that is logged in. The files of its server are in `board`."""
    text = {"native": NATIVE, "accepting": ACCEPTING.format(port=free_port)}[request.param]
    program: Program = run(text.replace("correct horse battery staple", PASSWORD), prompt=True)
    client = webrepl.Webrepl(host="127.0.0.1", port=program.port, password=PASSWORD)
    client.board = program
    yield client
    client.disconnect()


def test_it_logs_in_and_asks_for_the_version(client) -> None:
    assert client.connected
    assert len(client.get_ver()) == 3


@pytest.mark.parametrize("size", [0, 1, 256, 1024, 50_000])
def test_it_puts_and_gets_files(client, tmp_path: Path, size: int) -> None:
    contents = os.urandom(size)
    (tmp_path / "local").write_bytes(contents)
    client.put_file(str(tmp_path / "local"), "remote")
    assert (tmp_path / "remote").read_bytes() == contents
    assert client.get_file_content("remote") == contents


def test_it_runs_commands(client) -> None:
    assert b"42" in client.sendcmd("print(6*7)")
    assert b".py" in client.sendcmd("import os; os.listdir()")
