# SPDX-License-Identifier: MIT
"""Boards that receive files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Run
from tests.support.ram_disk import ram_disk

from .ways import Board

PROGRAM = """
import os, uhttpd

os.chdir({folder!r})
refused = {{}}
asked = []

def ask(path):
    asked.append(path)
    return refused.get(path, uhttpd.ACL_RW)

httpd = uhttpd.Server(0)
httpd.file_acl(ask)
httpd.receive(prefix='/up', base={folder!r}, delete=True)
httpd.serve('/up', {folder!r})
httpd.ws('/repl', 'secret')
httpd.route('/do', uhttpd.POST, lambda req: req.write(repr(eval(req.read()))))
print('PORT', httpd.port())
input()
"""

BLOCKS = 1400
"""Small, so that a file is longer than what sockets take at once."""


@pytest.fixture(params=["VfsPosix", "VfsLfs2", "VfsFat"])
def kind(request: pytest.FixtureRequest) -> str:
    """A kind of storage."""
    return str(request.param)


@pytest.fixture
def board(run: Run, tmp_path: Path, kind: str) -> Board:
    """A board with an empty folder, where relative names begin."""
    if kind == "VfsPosix":
        folder = str(tmp_path / "disk")
        Path(folder).mkdir()
        begin = ""
    else:
        folder = "/disk"
        begin = ram_disk(kind, folder, BLOCKS)
    program = run(begin + PROGRAM.format(folder=folder))
    return Board(program.port, "/repl", folder + "/")
