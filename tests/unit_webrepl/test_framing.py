# SPDX-License-Identifier: MIT
"""Frames of terminal output: valid UTF-8, nothing lost, prompts in frames of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .machines import Ring, ffi, lib, new

SIZE = 4096
PROMPT = ">>> "


class Output:
    """The way from a program's output to frames."""

    def __init__(self, start: int = 0, frame_size: int = 1400) -> None:
        """Takes the position of the first byte in the ring, and the room for a frame."""
        self.ring = Ring(SIZE, start)
        self.framing = new("wr_framing_t *")
        self.frame = new("uint8_t[]", frame_size)
        self.frame_size = frame_size

    def write(self, data: bytes) -> None:
        assert self.ring.push(data) == len(data)

    def flush(self, force: bool = False) -> list[str]:
        """Makes all frames that are possible now."""
        frames = []
        used = ffi.new("size_t *")
        while self.ring.used:
            length = lib.wr_framing_next(
                self.framing, self.ring.c, force, self.frame, self.frame_size, used
            )
            if length == 0:
                assert not force
                assert 1 <= self.ring.used <= 3
                break
            assert length <= self.frame_size
            assert 1 <= used[0] <= self.ring.used
            frames.append(bytes(ffi.buffer(self.frame, length)).decode())
            self.ring.drop(used[0])
        return frames


def frames_of(*writes: bytes) -> list[str]:
    """Frames of a program that waits only at the end."""
    output = Output()
    for data in writes:
        output.write(data)
    return output.flush()


tokens = st.sampled_from(
    [b"\r\n", b">>> ", b"\n", b"\r", b">", b" ", b"x", b"\xc3", b"\xa9", b"\xe2\x82"]
)
chunk = (
    st.lists(tokens, max_size=12).map(b"".join)
    | st.text(max_size=9).map(str.encode)
    | (st.binary(max_size=9))
)


@given(
    st.lists(st.tuples(chunk, st.booleans()), max_size=12),
    st.integers(0, 2**32 - 1),
    st.integers(4, 40),
)
def test_nothing_is_lost_or_split(
    writes: list[tuple[bytes, bool]], start: int, frame_size: int
) -> None:
    output, frames = Output(start, frame_size), []
    for data, waits in writes:
        output.write(data)
        if waits:
            frames += output.flush()
    frames += output.flush(force=True)
    sent = b"".join(data for data, _ in writes)
    assert "".join(frames) == sent.decode(errors="replace")
    assert "" not in frames


@given(st.lists(st.tuples(chunk, st.booleans()), max_size=12), st.integers(4, 40))
def test_a_prompt_that_starts_a_line_is_a_frame_and_so_is_the_line_end_before(
    writes: list[tuple[bytes, bool]], frame_size: int
) -> None:
    output, frames = Output(0, frame_size), []
    for data, waits in writes:
        output.write(data)
        if waits:
            frames += output.flush()
    output.write(b"\r\n>>> ")
    frames += output.flush(force=True)
    assert frames[-2:] == ["\r\n", PROMPT]


def test_a_session_of_a_command_line_client() -> None:
    """PyPI's webrepl 0.2.0 ends a command at a frame of a line end followed by one of a prompt."""
    assert frames_of(b"2+2", b"\r\n", b"4\r\n", b">>> ") == ["2+2\r\n4", "\r\n", PROMPT]
    assert frames_of(b"import os", b"\r\n", b">>> ") == ["import os", "\r\n", PROMPT]


def test_a_program_that_sleeps_before_its_prompt() -> None:
    output = Output()
    output.write(b"1\r\n")
    assert output.flush() == ["1", "\r\n"]
    output.write(b">>> ")
    assert output.flush() == [PROMPT]


def test_a_session_of_a_raw_repl() -> None:
    """micropython-ctl 1.13 ignores output in the same frame as `OK`."""
    assert frames_of(
        b"raw REPL; CTRL-B to exit\r\n>", b"OK", b"42\r\n", b"\4", b"\4>", b"OK", b"\4\4>"
    ) == ["raw REPL; CTRL-B to exit\r\n>", "OK", "42\r\n\4\4>", "OK", "\4\4>"]
    output = Output()
    output.write(b"\r\n>")
    assert output.flush() == ["\r\n>"]
    output.write(b"OK42")
    assert output.flush() == ["OK", "42"]
    assert frames_of(b"OK", b"a>OK>OK") == ["OKa>OK>OK"]


def test_only_the_first_prompt_of_a_line_stands_alone() -> None:
    assert frames_of(b">>> >>> x") == [PROMPT, ">>> x"]
    output = Output()
    output.write(b"x\r\n")
    assert output.flush() == ["x", "\r\n"]
    output.write(b">>> x")
    assert output.flush() == [PROMPT, "x"]


def test_a_prompt_within_a_line_is_text() -> None:
    assert frames_of(b"a >>> b") == ["a >>> b"]
    assert frames_of(b"\x1b[1m>>> ") == ["\x1b[1m>>> "]


def test_lines_stay_together() -> None:
    lines = b"".join(b"line %d\r\n" % i for i in range(20))
    assert frames_of(lines) == [lines[:-2].decode(), "\r\n"]


@pytest.mark.parametrize("length", range(1395, 1405))
def test_a_line_end_is_never_split_between_frames(length: int) -> None:
    assert frames_of(b"x" * length + b"\r\n>>> ")[-2:] == ["\r\n", PROMPT]


def test_the_beginning_of_a_character_waits_for_its_end() -> None:
    output = Output()
    output.write("5 €".encode()[:-1])
    assert output.flush() == ["5 "]
    assert output.flush() == []
    output.write("€".encode()[-1:])
    assert output.flush() == ["€"]


def test_but_not_for_ever() -> None:
    output = Output()
    output.write("5 €".encode()[:-1])
    assert output.flush() == ["5 "]
    assert output.flush(force=True) == ["\N{REPLACEMENT CHARACTER}"]


def test_frames_have_a_bound() -> None:
    frames = frames_of("€".encode() * 1000)
    assert "".join(frames) == "€" * 1000
    assert all(len(frame.encode()) <= lib.WR_FRAME_MAX for frame in frames)
    assert len(frames) == 3
