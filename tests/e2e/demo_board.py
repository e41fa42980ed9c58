# SPDX-License-Identifier: MIT
"""The program of `make run`, for a board of the tests."""

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
    """The demo, which listens on this port and has its files in the current directory."""
    return PROGRAM.format(port=port, password=PASSWORD, examples=str(ROOT / "examples"))
