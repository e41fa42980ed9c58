# SPDX-License-Identifier: MIT
"""What `make run` starts, as a program for a board of the tests."""

from __future__ import annotations

from tests.support.paths import ROOT

PASSWORD = "secret"
PROGRAM = """
import os, sys
os.putenv('PORT', '{port}')
os.putenv('PASSWORD', '{password}')
os.putenv('FOLDER', os.getcwd() + '/files')
sys.path.insert(0, {examples!r})
from demo import *
print('PORT', httpd.port())
"""


def demo_program(port: int) -> str:
    """The demo, listening on that port, with its files in the directory it is started in."""
    return PROGRAM.format(port=port, password=PASSWORD, examples=str(ROOT / "examples"))
