# SPDX-License-Identifier: MIT
"""WebREPL transfers files of every file system that MicroPython has mounted."""

from __future__ import annotations

import os

import pytest
import webrepl

from tests.support.ram_disk import ram_disk

PROGRAM = """
import webrepl
webrepl.start(%d, 'swordfish')
print('PORT %d')
"""


@pytest.fixture(params=["VfsLfs2", "VfsFat"])
def client(request, start, tmp_path, free_port: int):
    (tmp_path / "ram.py").write_text(
        ram_disk(request.param, "/ram") + PROGRAM % (free_port, free_port)
    )
    program = start("-i", "ram.py")
    program.expect(">>> ")
    client = webrepl.Webrepl(host="127.0.0.1", port=free_port, password="swordfish")
    assert client.connected
    yield client
    client.disconnect()


@pytest.mark.parametrize("size", [0, 1, 1000, 20_000])
def test_files_come_back(client, tmp_path, size: int) -> None:
    contents = os.urandom(size)
    (tmp_path / "sent").write_bytes(contents)
    client.put_file(str(tmp_path / "sent"), "/ram/file")
    assert client.get_file_content("/ram/file") == contents


def test_file_is_replaced(client, tmp_path) -> None:
    for contents in (b"first and longer", b"second"):
        (tmp_path / "sent").write_bytes(contents)
        client.put_file(str(tmp_path / "sent"), "/ram/file")
    assert client.get_file_content("/ram/file") == b"second"
    assert b"['file']" in client.sendcmd("__import__('os').listdir('/ram')")


def test_file_that_is_not_there(client) -> None:
    with pytest.raises(AssertionError):  # how this client reports an error code
        client.get_file_content("/ram/nothing")
