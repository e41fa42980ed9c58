# SPDX-License-Identifier: MIT
"""The module esp32 as uhttpd.ota() uses it, with partitions in files: MicroPython's Python.

boot.json beside the program says which of the partitions ota_0 and ota_1 the bootloader starts,
and which of them is on probation. start() is the bootloader.
"""

import json
import os

_BLOCK = 4096
_BLOCKS = 16


def _boot(**changes):
    try:
        with open("boot.json") as file:
            state = json.load(file)
    except OSError:
        state = {"boot": "ota_0", "running": "ota_0", "probation": ""}
    if changes:
        state.update(changes)
        with open("boot.json", "w") as file:
            json.dump(state, file)
    return state


def start():
    """What the bootloader does: a firmware that is still on probation does not start again."""
    state = _boot()
    if state["probation"] == state["running"] == state["boot"]:
        other = "ota_1" if state["boot"] == "ota_0" else "ota_0"
        return _boot(boot=other, running=other, probation="")["running"]
    return _boot(running=state["boot"])["running"]


class Partition:
    """A place for a firmware."""

    RUNNING = 1

    def __init__(self, label):
        """RUNNING, or the name of one."""
        self.label = _boot()["running"] if label == self.RUNNING else label

    def info(self):
        return 0, 16, 65536, _BLOCK * _BLOCKS, self.label, False

    def get_next_update(self):
        return Partition("ota_1" if self.label == "ota_0" else "ota_0")

    def ioctl(self, what, argument):
        return {4: _BLOCKS, 5: _BLOCK}[what]

    def readblocks(self, block, buffer):
        with open(self.label, "rb") as file:
            file.seek(block * _BLOCK)
            file.readinto(buffer)

    def writeblocks(self, block, buffer):
        if block >= _BLOCKS or len(buffer) % _BLOCK:
            raise OSError(-258)
        with open(self.label, "r+b" if self.label in os.listdir() else "wb") as file:
            file.seek(block * _BLOCK)
            file.write(buffer)

    def set_boot(self):
        with open(self.label, "rb") as file:
            if b"BROKEN" in file.read():
                raise OSError(-5379)
        _boot(boot=self.label, probation=self.label)

    @staticmethod
    def mark_app_valid_cancel_rollback():
        _boot(probation="")
