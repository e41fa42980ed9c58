# SPDX-License-Identifier: MIT
"""The classic protocol's core: pieces give the same as whole data, and nothing breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webrepl_client.classic import (
    NAME_MAX,
    Asked,
    Block,
    Classic,
    InUse,
    LoggedIn,
    Output,
    ProtocolError,
    Refused,
    Replied,
    Version,
)
from webrepl_client.wire import Message

BANNER = b"\r\nWebREPL connected\r\n>>> "


def text(data: bytes) -> Message:
    return Message(data, is_text=True)


def logged_in() -> Classic:
    core = Classic()
    core.receive(text(BANNER))
    return core


@given(st.lists(st.integers(0, 9)))
def test_login_may_come_in_pieces(cuts: list[int]) -> None:
    core = Classic()
    places = sorted({0, 10, *cuts})
    events = []
    for start, end in zip(places, places[1:]):
        events += core.receive(text(b"Password: "[start:end]))
    assert events == [Asked()]
    assert core.password("secret") == text(b"secret\r")
    assert core.receive(text(BANNER)) == [LoggedIn(), Output(b">>> ")]
    assert core.receive(text(b"\xff\r\n")) == [Output(b"\xff\r\n")]


def test_a_board_without_password_connects_at_once() -> None:
    assert Classic().receive(text(BANNER)) == [LoggedIn(), Output(b">>> ")]


def test_a_wrong_password_is_told() -> None:
    core = Classic()
    core.receive(text(b"Password: "))
    assert core.receive(text(b"\r\nAccess denied\r\n")) == [Refused()]


def test_who_holds_the_terminal_is_told() -> None:
    said = b"\r\nWebREPL is in use by 10.0.0.1 since 7 s\r\n"
    assert Classic().receive(text(said)) == [InUse("WebREPL is in use by 10.0.0.1 since 7 s")]


def test_another_protocol_is_noticed() -> None:
    with pytest.raises(ProtocolError):
        Classic().receive(text(b'{"hello": "this is quite another kind of WebSocket"}' * 3))


@pytest.mark.parametrize("password", ["a\rb", "a\nb"])
def test_a_password_has_one_line(password: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        Classic().password(password)


def test_a_header_has_its_82_bytes() -> None:
    message = Classic().put(b"boot.py", 0x01020304)
    assert not message.is_text
    assert message.data == (
        b"WA\x01\x00" + bytes(8) + b"\x04\x03\x02\x01\x07\x00boot.py" + bytes(57)
    )


@pytest.mark.parametrize("name", [b"x" * (NAME_MAX + 1), b"a\0b"])
def test_names_that_do_not_fit_are_refused(name: bytes) -> None:
    with pytest.raises(ValueError, match="name"):
        Classic().get(name)


def test_a_get_ends_with_an_empty_block_and_a_code() -> None:
    core = logged_in()
    core.get(b"a")
    assert core.receive(Message(b"WB\0\0")) == [Replied(0)]
    assert core.next_block() == Message(b"\0")
    assert core.receive(Message(b"\x03\x00abc")) == [Block(b"abc")]
    core.next_block()
    assert core.receive(Message(b"\0\0")) == [Block(b"")]
    assert core.receive(Message(b"WB\x1c\0")) == [Replied(28)]


def test_the_version_is_three_numbers() -> None:
    core = logged_in()
    core.version()
    assert core.receive(Message(b"\x01\x1c\x00")) == [Version((1, 28, 0))]


@given(st.lists(st.tuples(st.binary(max_size=100), st.booleans())), st.integers(0, 4))
def test_whatever_comes_is_an_event_or_an_error(
    messages: list[tuple[bytes, bool]], step: int
) -> None:
    core = Classic() if step == 0 else logged_in()
    [lambda: None, core.version, core.next_block, lambda: core.get(b"a"), lambda: None][step]()
    for data, is_text in messages:
        try:
            core.receive(Message(data, is_text))
        except ProtocolError:
            return
