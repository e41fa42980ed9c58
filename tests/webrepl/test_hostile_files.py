# SPDX-License-Identifier: MIT
"""Hostile clients, with the firmware in C and the files of POSIX."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.waiting import eventually

from . import hostile
from .firmware import Firmware


@pytest.mark.parametrize("attack", hostile.ALL, ids=lambda attack: attack.__name__)
def test_attack(start: Callable[..., Firmware], attack: hostile.Attack) -> None:
    firmware = start(password="secret", disk=100_000, sessions=32)
    (firmware.folder / "board").mkdir()
    hostile.play(attack, hostile.Place(firmware.port, "secret", "board/", 200_000))
    eventually(lambda: [path.name for path in (firmware.folder / "board").iterdir()] == ["f"])
