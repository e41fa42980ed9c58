# SPDX-License-Identifier: MIT
"""The dialogues of the test vectors, played to a firmware step by step.

Nonces, times and addresses differ here, so messages are compared without them.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Callable

import pytest

from tests.support.paths import VECTORS_FILE
from tests.support.websocket import BINARY

from .firmware import Firmware
from .second import EBUSY, NAMES, Second, connect, enter, hold

VECTORS = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
LOGIN, RESULT, DATA, OPENED, ATTACH, STAT, LIST, PUT = (
    *(0x03, 0x02, 0x21, 0x20, 0x10, 0x31, 0x30, 0x33),
)

OUTPUT = b"\x21\0\0\0"
"""DATA of the terminal."""


class Play:
    """One dialogue."""

    def __init__(self, firmware: Firmware, script: dict[str, Any]) -> None:
        """Puts the dialogue's files on the board."""
        self.firmware, self.script = firmware, script
        for name, data in script.get("files", {}).items():
            (firmware.folder / name).write_bytes(bytes.fromhex(data))
        self.types: dict[int, int] = {}
        self.others: list[Second] = []
        self.client: Second
        self.output = b""
        self.messages: list[bytes] = []

    def send(self, message: bytes) -> None:
        """Sends a message of the client."""
        kind, ident = message[0], struct.unpack("<H", message[2:4])[0]
        self.types[ident] = kind
        if kind == LOGIN:
            wrong = not any(message[20:])
            proof = self.client.proof("secret", message[4:20])
            message = message[:20] + (bytes(32) if wrong else proof)
        self.client.say(message, BINARY)

    def shape(self, message: bytes) -> bytes:
        """A message of the server, without the parts that differ each time."""
        kind, ident = message[0], struct.unpack("<H", message[2:4])[0]
        of = self.types.get(ident)
        if kind == OPENED:  # without times, and credit
            return message[:12] if of == PUT else message[:16]
        if kind == RESULT and of == LOGIN:
            return message[:8]
        if kind == RESULT and of == STAT:
            return message[:20]
        if kind == RESULT and of == ATTACH and len(message) > 12:
            return message[:9]
        if kind == DATA and of == LIST and ident:
            return message[:16] + message[24:]
        return message

    def expect(self, expected: bytes) -> None:
        """Checks a message of the server. Output may be in pieces, and credit at any time."""
        if expected[:4] == OUTPUT:
            self.expect_output(expected[4:])
        elif NAMES[expected[0]] != "CREDIT":
            assert self.shape(self.next_message()) == self.shape(expected)

    def expect_output(self, expected: bytes) -> None:
        """Checks output of the terminal. It may come before or after messages about files."""
        while len(self.output) < len(expected):
            self.read_message()
        assert self.output[: len(expected)] == expected
        self.output = self.output[len(expected) :]

    def next_message(self) -> bytes:
        """Reads the next message that is neither credit nor output."""
        while not self.messages:
            self.read_message()
        return self.messages.pop(0)

    def read_message(self) -> None:
        """Reads one message of any type."""
        message = self.client.frame().payload
        if message[:4] == OUTPUT:
            self.output += message[4:]
        elif NAMES[message[0]] != "CREDIT":
            self.messages.append(message)

    def run(self) -> None:
        """Plays all steps."""
        title = self.script["name"]
        if "kept" in self.script:
            self.leave_half()
        if title == "somebody else holds the terminal":
            self.others.append(hold(self.firmware))
        self.client = connect(self.firmware)
        for step in self.script["steps"][1:]:
            if "close" in step:
                if step["close"] == 4001:
                    enter(self.firmware).attach(takeover=True)
                assert self.client.close_code()[0] == step["close"]
            elif step["from"] == "client":
                self.send(bytes.fromhex(step["hex"]))
            else:
                self.expect(bytes.fromhex(step["hex"]))
        self.compare_files()

    def leave_half(self) -> None:
        """Uploads the beginning of a file, as an earlier connection would leave it."""
        (half,) = self.script["kept"].values()
        put = next(step for step in self.script["steps"] if step.get("type") == "PUT")
        client = enter(self.firmware)
        client.say(bytes.fromhex(put["hex"]), BINARY)
        assert client.is_open(2)
        (kept,) = self.firmware.folder.glob("*.~up")
        kept.write_bytes(bytes.fromhex(half))
        client.close()
        client = enter(self.firmware)
        while client.do("REMOVE", path="boot.py").code == EBUSY:  # until it is given up
            pass
        client.leave()

    def compare_files(self) -> None:
        """Checks the files on the board after the dialogue."""
        after = self.script.get("files_after", self.script.get("files", {}))
        found = {
            str(path.relative_to(self.firmware.folder)).replace(os.sep, "/"): path.read_bytes()
            for path in self.firmware.folder.rglob("*")
            if path.is_file()
        }
        assert {name: data.hex() for name, data in found.items()} == after


@pytest.mark.parametrize("script", VECTORS["dialogues"], ids=lambda script: str(script["name"]))
def test_dialogue(start: Callable[..., Firmware], script: dict[str, Any]) -> None:
    firmware = start(password="secret", operations=1)
    if script["name"] == "somebody types while a file is read":
        # The program of this firmware cannot calculate: it echoes, and answers something else.
        script = {**script, "steps": [s for s in script["steps"] if s.get("type") != "CREDIT"]}
        steps = script["steps"]
        typed = next(i for i, s in enumerate(steps) if s.get("hex", "").endswith(b"1+1\r".hex()))
        said = next(i for i, s in enumerate(steps) if s.get("hex", "").endswith(b">>> ".hex()))
        steps[typed] = {**steps[typed], "hex": "21000000" + b"print 2\r".hex()}
        steps[said] = {**steps[said], "hex": "21000000" + b"print 2\r\n2\r\n>>> ".hex()}
    Play(firmware, script).run()
