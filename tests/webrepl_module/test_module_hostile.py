# SPDX-License-Identifier: MIT
"""Hostile clients, with MicroPython and the file systems of boards."""

from __future__ import annotations

import pytest

from tests.support.ram_disk import ram_disk
from tests.webrepl import hostile

from .servers import PASSWORD

PROGRAM = """
import webrepl
webrepl.start(0, {password!r})
print('PORT', webrepl.listen_s.port())
"""


@pytest.mark.parametrize("kind", ["VfsLfs2", "VfsFat"])
@pytest.mark.parametrize("attack", hostile.ALL, ids=lambda attack: attack.__name__)
def test_attack(run, kind: str, attack: hostile.Attack) -> None:
    start = PROGRAM.format(password=PASSWORD)
    program = run(ram_disk(kind, "/ram", blocks=256) + start, prompt=True)
    hostile.play(attack, hostile.Place(program.port, PASSWORD, "/ram/", 200_000))
