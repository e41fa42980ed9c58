# SPDX-License-Identifier: MIT
"""The power goes at any change of files on POSIX: the process ends at once, and starts again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.http import Closed
from tests.support.waiting import eventually
from tests.webrepl.conftest import program, start
from tests.webrepl.firmware import Firmware

from .ways import FROM, MOVES, UPLOADS, Board, Way

__all__ = ["program", "start"]

OLD, NEW = b"old contents", b"the new contents " * 400
MORE_THAN_CHANGES = 40


def change(way: Way, firmware: Firmware) -> bool:
    """Whether the client got a success."""
    try:
        way(Board(firmware.port, "/", ""), "name", NEW)
    except (Closed, OSError, httpx.TransportError):
        return False
    return True


def lay(folder: Path, files: dict[str, bytes]) -> None:
    """Makes a folder hold these files and no others."""
    for path in folder.iterdir():
        path.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)


def settles(firmware: Firmware, states: list[dict[str, bytes]]) -> None:
    """Waits until the folder has one of these states."""
    eventually(lambda: firmware.files() in states)


@pytest.mark.parametrize("replaced", [False, True], ids=["new", "replaced"])
@pytest.mark.parametrize("way", [*UPLOADS, *MOVES], ids=lambda way: way.__name__)
def test_old_or_new_is_whole(start: Callable[..., Firmware], way: Way, replaced: bool) -> None:
    """Nothing else is left, and each reported success is true."""
    before = {"name": OLD} if replaced else {}
    old = {**before, FROM: NEW} if way in MOVES else before
    new = {**before, "name": NEW}
    firmware, told = start(receive=1), False
    folder = firmware.folder
    for cut in range(1, MORE_THAN_CHANGES):
        firmware.finish()
        lay(folder, old)
        firmware = start(password="secret", receive=1, cut=cut)
        told = change(way, firmware)
        firmware.finish() if told else firmware.process.wait()
        firmware = start(receive=1)
        settles(firmware, [new] if told else [old, new])
        if told:
            return
    raise AssertionError("it never came to an end")
