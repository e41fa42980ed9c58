# SPDX-License-Identifier: MIT
"""Every character that people type or paste at the prompt arrives."""

from __future__ import annotations

import pytest
from webrepl_client.prompt import Pastes, Prompt, pastes
from webrepl_client.prompt.line import continues, drawn, edited, indent_after, keys_in
from webrepl_client.prompt.screen import AtPrompt, Line, Screen
from webrepl_client.prompt.unseen import OTHERS_MAX, Unseen


@pytest.fixture
def prompt(board, edition, person):
    person = person(*edition, board.address)
    person.expect(">>> ")
    return person


def paste(person, text: str) -> None:
    """Pastes, as a terminal does it."""
    person.type(pastes.BEGIN + text.replace("\n", "\r") + pastes.END)


class TestPrompt:
    """A person types, pastes, and sees what the board answers."""

    def test_other_characters_are_typed_and_run(self, prompt) -> None:
        prompt.type("print('grüße', '文字', '𝄞')\r")
        prompt.expect("\r\ngrüße 文字 𝄞\r\n>>> ")
        prompt.type("6 * 7\r")
        prompt.expect("\r\n42\r\n>>> ")

    def test_values_are_shown_names_stay_and_paste_mode_is_unseen(self, prompt) -> None:
        for key in "größe = 'ß'\rgröße * 3\r":
            prompt.type(key)
        seen = prompt.expect(r"\r\n'\\xdf\\xdf\\xdf'\r\n>>> ")  # as MicroPython shows them
        assert not any(word in seen for word in ("paste mode", "===", "compile")), seen

    def test_a_loop_that_begins_in_ascii_is_typed(self, prompt) -> None:
        prompt.type("for x in range(2):\r")
        prompt.expect(r"\.\.\.     ")
        prompt.type("print(x, 'ü')\r\x7f\r")
        prompt.expect("\r\n0 ü\r\n1 ü\r\n>>> ")

    def test_a_line_is_edited_and_another_is_given_up(self, prompt) -> None:
        prompt.type("print('ab')")
        prompt.type("\x1b[D\x1b[D\x1b[D")
        prompt.type("üx\x7f\x1b[H\x1b[F\r")
        prompt.expect("\r\naüb\r\n>>> ")
        prompt.type("print('ü")
        prompt.type("\x03")
        prompt.type("print('after', 'that')\r")
        prompt.expect("\r\nafter that\r\n>>> ")

    def test_a_program_is_pasted_as_it_is(self, prompt) -> None:
        paste(
            prompt,
            "def f(x):\n    if x:\n        return 'ü'\n\n    return 0\n\nprint(f(1), f(0))\n",
        )
        seen = prompt.expect("\r\nü 0\r\n>>> ")
        assert "paste mode" not in seen


def test_a_program_that_reads_gets_what_is_typed(monkeypatch) -> None:
    monkeypatch.setattr("webrepl_client.prompt.prompt.SETTLED", 0.05)
    got = []
    prompt = Prompt(got.append, lambda output: None, lambda: 80)
    prompt.hear(b">>> ")
    prompt.type("ask()\r")
    prompt.hear(b"ask()\r\nName: ")
    prompt.type("Jörg\r")
    assert got[1:] == [], "the prompt may be about to come"
    while prompt.is_busy:
        prompt.go_on()
    assert got[1:] == ["Jörg\r".encode()]


def test_a_board_that_takes_every_character_gets_every_character() -> None:
    """The firmware in plain C has commands instead of Python behind the same prompt."""
    prompt = Prompt(lambda keys: echo(keys), lambda output: None, lambda: 80)
    got = b""

    def echo(keys: bytes) -> None:
        nonlocal got
        got += keys
        prompt.hear(keys.replace(b"\x7f", b"\b\x1b[K").replace(b"\r", b"\r\n>>> "))

    prompt.hear(b">>> ")
    prompt.type("cat m")
    prompt.type("üll\r")
    while prompt.is_busy:
        prompt.go_on()
    prompt.type("ä")
    assert got.decode() == "cat mü_\x7fll\rä"


def test_an_echo_that_does_not_come_hides_nothing_for_long() -> None:
    unseen = Unseen()
    unseen.run("x", clears=False)
    assert unseen.visible(b"anything") == b""
    flood = bytes(OTHERS_MAX + 100)
    assert unseen.visible(flood) == b"anything" + flood
    assert not unseen.is_busy


def test_a_screen_knows_what_the_line_editor_shows() -> None:
    screen = Screen()
    for piece in (b"Hi\r\n>>> print(12", b"\b\x1b[K", b"3)\x1b[", b"1D4)\b"):
        screen.hear(piece)
    assert screen.at_prompt() == AtPrompt(Line("print(134", ")"), [])
    screen.hear(b")\r\n>>> if x:\r\n...     y\r\n...     ")
    assert screen.at_prompt() == AtPrompt(Line("    ", ""), ["if x:", "    y"])
    screen.hear(b"\r\n5\r\n")
    assert screen.at_prompt() is None
    screen.hear(b"x\n" * 1000 + b">>> ")
    assert screen.at_prompt() == AtPrompt(Line("", ""), [])


def test_keys_edit_a_line() -> None:
    def after(line: Line, *keys: str) -> Line:
        for key in keys:
            line = edited(line, key)
        return line

    line = Line("aü", "b𝄞")
    assert after(line, "\x7f") == Line("a", "b𝄞")
    assert after(line, "\x1b[H", "\x1b[3~") == Line("", "üb𝄞")
    assert after(line, "\x1b[C", "\x1b[C", "\x1b[D") == Line("aüb", "𝄞")
    assert after(line, "\x0b", "x", "\x15") == Line("", "")
    assert after(line, "\x1b[A", "\x1bOP") == line
    assert keys_in("ab\x1b[D\x1bOHü\r\n") == ["ab", "\x1b[D", "\x1bOH", "ü", "\r\n"]


@pytest.mark.parametrize(
    "lines", [["if x:"], ["if x:", "  y"], ["f("], ['"""a'], ["x = 1 + \\"], ["@d"]]
)
def test_python_waits_for_more(lines: list[str]) -> None:
    assert continues(lines)


@pytest.mark.parametrize(
    "lines", [["x"], ["if x:", "  y", "  "], ["print(':')"], ["f(", ")"], ["'a"], ["print 1"]]
)
def test_python_runs_what_is_complete(lines: list[str]) -> None:
    assert not continues(lines)


def test_a_new_line_is_indented_as_on_the_board() -> None:
    lines = ["if x:", "  if x:  # y", "  y", "z", "    "]
    assert [indent_after(line) for line in lines] == ["    ", "      ", "  ", "", ""]


def test_the_cursor_stands_where_the_text_says() -> None:
    assert drawn(80, "ab", Line("abc", "d")) == "\r\x1b[4C\x1b[Jabcd\r\x1b[7C"
    wide = drawn(10, "1234567", Line("1234567", "8901文字67"))
    assert wide == "\x1b[1A\r\x1b[4C\x1b[J12345678901文字67\x1b[1A\r\x1b[1C"


def test_a_paste_is_one_piece_however_it_arrives() -> None:
    keys = f"a{pastes.BEGIN}b\nc\x1b[d{pastes.END}e"
    found = [Pastes(), Pastes()]
    whole = [text for text in found[0].divided(keys) if text]
    pieces = [
        text for key in (keys[:10], keys[10:17], keys[17:]) for text in found[1].divided(key)
    ]
    assert whole == ["a", "b\rc\x1b[d", "e"]
    assert "".join(pieces) == "".join(whole)
    assert whole[1] in pieces
