# SPDX-License-Identifier: MIT
"""File transfers over the terminal's connection."""

from __future__ import annotations

import random
import socket
import struct
from pathlib import Path

import pytest
import webrepl

from .device import Device, eventually

NAME = "transfer.bin"


@pytest.mark.parametrize("size", [0, 1, 4096, 100_001])
def test_an_uploaded_file_is_downloaded_again(device: Device, tmp_path: Path, size: int) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(random.Random(size).randbytes(size))
    with device.files() as files:
        files.put_file(str(source), NAME)
        files.get_file(NAME, str(target))
    assert target.read_bytes() == source.read_bytes()


def cut_upload(files: webrepl.Webrepl) -> None:
    """Begins an upload and resets the connection in the middle."""
    header = struct.pack("<2sBBQLH64s", b"WA", 1, 0, 0, 50_000, len(NAME), NAME.encode())
    files.ws.write(header)
    files.ws.write(bytes(1000))
    files.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def content(device: Device) -> bytes:
    """Reads the file, once the session before has ended."""
    with device.files() as files:
        return files.get_file_content(NAME)


def test_an_upload_that_is_cut_leaves_the_old_file(device: Device, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"what was there before")
    with device.files() as files:
        files.put_file(str(old), NAME)
        cut_upload(files)
    eventually(lambda: content(device) == old.read_bytes())
