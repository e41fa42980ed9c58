# SPDX-License-Identifier: MIT
"""Events as text, and the buffer that stores them: WHATWG HTML section 9.2."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import chars, composed, ffi, lib, text, text_or_null


class Event(NamedTuple):
    """An event as a page gets it."""

    data: str
    event: str = ""
    id: str = ""


def decode(stream: str) -> list[Event]:
    """The algorithm of section 9.2.6, line by line."""
    events = []
    data, name, last_id = "", "", ""
    for line in re.split(r"\r\n|\r|\n", stream)[:-1]:
        if not line:
            if data:
                events.append(Event(data.removesuffix("\n"), name, last_id))
            data, name = "", ""
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data += value + "\n"
        elif field == "event":
            name = value
        elif field == "id" and "\0" not in value:
            last_id = value
    return events


def write(
    data: bytes, event: bytes | None = None, id: bytes | None = None, retry: int = 0
) -> bytes:
    """The event as text. Measures first, so that the sanitizer sees a byte too many."""
    arguments = (chars(data), len(data), text_or_null(event), text_or_null(id), retry)
    return composed(lambda out: lib.uh_event_format(out, *arguments))


LINES = st.text(alphabet="a: \r\nädit", max_size=30)
FIELD = st.text(alphabet="a: ädit", min_size=1, max_size=10)


@given(LINES, st.none() | FIELD, st.none() | FIELD)
def test_written_events_are_read(data: str, event: str | None, id: str | None) -> None:
    out = write(data.encode(), event and event.encode(), id and id.encode()).decode()
    lines = re.sub(r"\r\n|\r", "\n", data)
    assert decode(out) == [Event(lines, event or "", id or "")]
    assert out.endswith("\n\n")
    assert "\n\n" not in out[:-1]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", [b""]),
        (b"x", [b"x"]),
        (b"x\n", [b"x", b""]),
        (b"\r\n\n\r", [b"", b"", b"", b""]),
        (b" x", [b" x"]),
        (b"a\rb\nc\r\nd", [b"a", b"b", b"c", b"d"]),
        (b"id: 7", [b"id: 7"]),
    ],
)
def test_each_line_is_a_field(data: bytes, lines: list[bytes]) -> None:
    assert write(data) == b"".join(b"data: " + line + b"\n" for line in lines) + b"\n"


def test_all_fields() -> None:
    assert write(b"x", b"tick", b"7", 4294967295) == (
        b"event: tick\nid: 7\nretry: 4294967295\ndata: x\n\n"
    )


@pytest.mark.parametrize(
    ("value", "valid"), [(b"tick", True), (b"", True), (b"a\nb", False), (b"a\r", False)]
)
def test_fields_have_one_line(value: bytes, valid: bool) -> None:
    assert lib.uh_event_field_is_valid(text(value)) == valid
    assert lib.uh_event_field_is_valid(ffi.NULL)


class Ring:
    """A ring, and a list of what it should hold."""

    def __init__(self, size: int) -> None:
        """Makes an empty one."""
        self.bytes = chars(bytes(size))
        self.ring = ffi.new("uh_event_ring_t *", {"bytes": self.bytes, "size": size})
        self.size = size
        self.events: list[bytes] = []

    def append(self, event: bytes) -> None:
        """Appends to both."""
        lib.uh_event_ring_append(self.ring, chars(event), len(event))
        self.events.append(event)
        while sum(map(len, self.events)) > self.size:
            self.events.pop(0)

    def read(self, at: int) -> bytes:
        """Everything from a place to the end."""
        out = b""
        start = ffi.new("char **")
        while size := lib.uh_event_ring_peek(self.ring, at, start):
            out += ffi.buffer(start[0], size)[:]
            at += size
        return out

    def after(self, id: bytes) -> bytes | None:
        """Everything after the event with this id."""
        behind = ffi.new("uint64_t *")
        found = lib.uh_event_ring_find(self.ring, text(id), behind)
        return self.read(behind[0]) if found else None


@given(st.lists(st.tuples(st.integers(0, 5), LINES), max_size=30))
def test_the_ring_keeps_the_latest(script: list[tuple[int, str]]) -> None:
    ring = Ring(256)
    for number, data in script:
        ring.append(write(data.encode(), None, b"%d" % number))
        assert ring.read(ring.ring.first) == b"".join(ring.events)
        for wanted in range(6):
            ids = [event.split(b"\n", 1)[0] for event in ring.events]
            line = b"id: %d" % wanted
            if line in ids:
                last = len(ids) - ids[::-1].index(line)
                assert ring.after(b"%d" % wanted) == b"".join(ring.events[last:])
            else:
                assert ring.after(b"%d" % wanted) is None


def test_an_id_is_a_whole_line_of_its_own() -> None:
    ring = Ring(256)
    ring.append(write(b"id: 1\nx", b"id: 1", b"10"))
    ring.append(write(b"y", None, b"2"))
    assert ring.after(b"1") is None
    assert ring.after(b"10") == ring.events[1]
