# SPDX-License-Identifier: MIT
"""Every habit of every deployed client, with the firmware in C."""

from __future__ import annotations

import pytest

from . import dialogues
from .firmware import Firmware


@pytest.mark.parametrize("dialogue", dialogues.ALL, ids=lambda dialogue: dialogue.__name__)
def test_dialogue(firmware: Firmware, dialogue: dialogues.Dialogue) -> None:
    say = "print {}".format
    dialogue(dialogues.Server(firmware.port, b"secret", lambda word: say(word).encode()))
