# SPDX-License-Identifier: MIT
"""Figures that a firmware publishes about itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .device import Device


def figures_of_files(device: Device) -> dict[str, object]:
    """Returns its figures about the storage."""
    return json.loads(device.get("/api/info").body)["files"]


def test_the_room_for_files(device: Device) -> None:
    files = figures_of_files(device)
    assert files["writable"] is True
    assert 0 < files["free_kb"] <= files["size_kb"]


def test_room_that_is_not_known_is_null(device: Device, tmp_path: Path) -> None:
    if device.firmware != "c" or device.target not in ("desktop", "linux"):
        pytest.skip("its storage cannot be taken away while it runs")
    away = tmp_path.rename(tmp_path.with_name("away"))
    try:
        assert figures_of_files(device) == {"writable": True, "size_kb": None, "free_kb": None}
    finally:
        away.rename(tmp_path)
    assert figures_of_files(device)["free_kb"] > 0
