# SPDX-License-Identifier: MIT
"""Every habit of every deployed client, with sessions of the firmware and with accepted ones."""

from __future__ import annotations

import pytest

from tests.support.program import Program
from tests.webrepl import dialogues

from .servers import NATIVE, PASSWORD

ACCEPTING = f"""
import webrepl
webrepl.start({{port}}, {PASSWORD!r}, lambda listener: webrepl.accept_conn(listener))
print('PORT {{port}}')
"""


@pytest.fixture(params=["native", "accepting"])
def server(request: pytest.FixtureRequest, run, free_port: int) -> dialogues.Server:
    """A program at its prompt."""
    text = NATIVE if request.param == "native" else ACCEPTING.format(port=free_port)
    program: Program = run(text, prompt=True)
    port = program.port
    program.expect(">>> ")
    return dialogues.Server(port, PASSWORD.encode(), lambda word: f"print({word!r})".encode())


@pytest.mark.parametrize("dialogue", dialogues.ALL, ids=lambda dialogue: dialogue.__name__)
def test_dialogue(server: dialogues.Server, dialogue: dialogues.Dialogue) -> None:
    dialogue(server)
