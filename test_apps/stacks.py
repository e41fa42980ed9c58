# SPDX-License-Identifier: MIT
"""What tests leave of a chip's stacks, and what docs/footprint.md says is left."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .device import Device, eventually

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "footprint.md"
TASKS = {
    "httpd": "HTTP task",
    "uhttpd io": "I/O task",
    "uhttpd worker": "worker (the fullest)",
    "console": "console of the firmware",
}
ANOTHER_COMPILER = 256  # bytes that its code may need beyond the document


def stacks_of(device: Device) -> dict[str, int]:
    """Returns how many bytes of each task's stack were never used, by the task's title."""
    left: dict[str, int] = {}
    for task in json.loads(device.get("/api/info").body)["tasks"]:
        if title := TASKS.get(task["name"]):
            left[title] = min(left.get(title, 1 << 30), task["stack_free"])
    return {title: left[title] for title in TASKS.values() if title in left}


def documented() -> tuple[str, dict[str, int]]:
    """Returns the target of the document, and its figures."""
    text = DOCUMENT.read_text()
    target = re.search(r"footprint\.py (\w+)", text)
    rows = re.findall(r"^\| (.+?) \| (\d+) \|$", text.partition("\n## Stacks\n")[2], re.M)
    assert target and rows
    return target[1], {title: int(left) for title, left in rows}


def judge_stacks(device: Device) -> None:
    """Fails if a stack is fuller than the document says, whatever the test did."""
    target, promised = documented()
    if device.firmware != "c" or device.target != target:
        return
    found = eventually(lambda: stacks_of(device))
    too_full = {
        title: (left, found[title])
        for title, left in promised.items()
        if found[title] < left - ANOTHER_COMPILER
    }
    assert not too_full, f"docs/footprint.md promises more: {too_full}"
