# SPDX-License-Identifier: MIT
"""The chunked transfer coding: RFC 9112 section 7.1."""

from __future__ import annotations

from typing import NamedTuple

import h11
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from .parsers import buffer, ffi, lib, pieces

MORE, ENDED, MALFORMED = 0, 1, -1


class Decoded(NamedTuple):
    result: int
    data: bytes
    used: int


class Decoder:
    """A chunked_t."""

    def __init__(self) -> None:
        """Starts at the beginning of a body."""
        self.state = ffi.new("uh_chunked_t *")
        lib.uh_chunked_init(self.state)

    def feed(self, data: bytes) -> Decoded:
        buf, length, used = buffer(data), ffi.new("size_t *", len(data)), ffi.new("size_t *")
        result = lib.uh_chunked_decode(self.state, buf, length, used)
        assert length[0] <= used[0] <= len(data)
        if result == MORE:
            assert used[0] == len(data)
        return Decoded(result, bytes(ffi.buffer(buf, length[0])), used[0])

    def safe_read(self) -> int:
        return lib.uh_chunked_safe_read(self.state)


def decode(coded: bytes, cuts: list[int] | None = None) -> Decoded:
    """Decodes pieces, up to the end of the body."""
    decoder = Decoder()
    data, used = b"", 0
    result = MORE
    for piece in pieces(coded, cuts or []):
        result, decoded, taken = decoder.feed(piece)
        data += decoded
        used += taken
        if result != MORE:
            break
    return Decoded(result, data, used)


@pytest.mark.parametrize(
    ("coded", "data"),
    [
        (b"0\r\n\r\n", b""),
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", b"hello world"),
        (b"a\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
        (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789"),
        (b"0a\r\n0123456789\r\n000\r\n\r\n", b"0123456789"),
        (b"2\r\n\r\n\r\n0\r\n\r\n", b"\r\n"),
        (b"10\r\n" + bytes(16) + b"\r\n0\r\n\r\n", bytes(16)),
    ],
)
def test_bodies(coded: bytes, data: bytes) -> None:
    assert decode(coded) == (ENDED, data, len(coded))


@pytest.mark.parametrize(
    "coded",
    [
        b"1;a\r\nx\r\n0\r\n\r\n",
        b"1;a=b;c\r\nx\r\n0;d\r\n\r\n",
        b'1;a="b;\xff"\r\nx\r\n0\r\n\r\n',
        b"1 ;a\r\nx\r\n0\r\n\r\n",
        b"1 \t ; a = b \r\nx\r\n0\r\n\r\n",
        b"1;\r\nx\r\n0\r\n\r\n",
        b'1;a="\\"\\\\";b\r\nx\r\n0\r\n\r\n',
    ],
)
def test_extensions_are_ignored(coded: bytes) -> None:
    """RFC 9112 section 7.1.1."""
    assert decode(coded) == (ENDED, b"x", len(coded))


@pytest.mark.parametrize("extension", [b'a="b', b'a="b\\"', b'a="b\\', b'a="b";c="'])
def test_quoted_strings_end_in_their_line(extension: bytes) -> None:
    assert decode(b"1;" + extension + b"\r\nx\r\n0\r\n\r\n").result == MALFORMED


@pytest.mark.parametrize(
    "trailers", [b"X: y\r\n", b"X:\r\n", b"X:\xff\r\n", b"X: y\r\nZ: \t\r\n", b"Host: b\r\n"]
)
def test_trailers_are_ignored(trailers: bytes) -> None:
    """RFC 9112 section 7.1.2."""
    coded = b"1\r\nx\r\n0\r\n" + trailers + b"\r\n"
    assert decode(coded) == (ENDED, b"x", len(coded))


def test_never_looks_beyond_the_end() -> None:
    body = b"1\r\nx\r\n0\r\n\r\n"
    decoder = Decoder()
    assert decoder.feed(body + b"GET / HTTP/1.1\r\n") == (ENDED, b"x", len(body))
    assert decoder.feed(b"GET") == (ENDED, b"", 0)


@pytest.mark.parametrize(
    "coded",
    [
        b"\r\n",
        b"\n",
        b";a\r\n",
        b" 1\r\n",
        b"-1\r\n",
        b"+1\r\n",
        b"0x1\r\n",
        b"g\r\n",
        b"1g\r\n",
        b"1_0\r\n",
        b"\xff",
        b"\0",
        b"1 \r\n",
        b"1 2\r\n",
        b"1\t\r\n",
        b"1,a\r\n",
        b"00000000000000001\r\n",
        b"10000000000000000\r\n",
        b"fffffffffffffffff",
        b"8000000000000000",  # beyond what any file or counter of ours can hold
        b"ffffffffffffffff",
    ],
)
def test_malformed_sizes(coded: bytes) -> None:
    assert decode(coded).result == MALFORMED


@pytest.mark.parametrize(
    "coded",
    [
        b"1\nx\r\n0\r\n\r\n",
        b"1\rx\r\n0\r\n\r\n",
        b"1\r\rx",
        b"1\r\nx\n0\r\n\r\n",
        b"1\r\nx\r0\r\n\r\n",
        b"1\r\nxy\r\n0\r\n\r\n",
        b"1\r\nx0\r\n\r\n",
        b"2\r\nx\r\n0\r\n\r\n",
        b"0\n\r\n",
        b"0\r\n\n",
        b"0\r\n\r\r",
        b"0\r\n\rX",
        b"1;a\nx\r\n0\r\n\r\n",
        b"1;a\rb\r\nx",
        b"1;a\0\r\nx",
        b"1;\x7f\r\nx",
        b"0\r\nX: y\n\r\n",
        b"0\r\nX: y\rZ",
        b"0\r\nX: \0\r\n",
    ],
)
def test_bare_cr_or_lf_and_control_characters(coded: bytes) -> None:
    assert decode(coded).result == MALFORMED


@pytest.mark.parametrize(
    "trailer", [b": y", b" X: y", b"\tX: y", b"X : y", b"X\r\n", b"X Y: z", b"\xff: y"]
)
def test_malformed_trailers(trailer: bytes) -> None:
    assert decode(b"0\r\n" + trailer + b"\r\n\r\n").result == MALFORMED


@pytest.mark.parametrize("byte", [b"\r", b"\n", b"0", b"X", b" ", b";", b":", b"\0"])
def test_every_line_end_counts(byte: bytes) -> None:
    coded = b"1\r\nx\r\n0\r\nX:y\r\n\r\n"
    for place in range(len(coded)):
        if coded[place : place + 1] in b"\r\n" and coded[place : place + 1] != byte:
            damaged = coded[:place] + byte + coded[place + 1 :]
            assert decode(damaged + b"0\r\n\r\n").result == MALFORMED, damaged


def test_stays_malformed() -> None:
    decoder = Decoder()
    assert decoder.feed(b"x").result == MALFORMED
    assert decoder.feed(b"0\r\n\r\n") == (MALFORMED, b"", 0)


def test_extensions_and_trailers_are_bounded_together() -> None:
    limit = lib.UH_CHUNKED_MAX_LINES
    assert decode(b"1;" + b"a" * (limit - 1) + b"\r\nx\r\n0\r\n\r\n").result == ENDED
    assert decode(b"1;" + b"a" * limit).result == MALFORMED
    assert decode(b"1;a\r\nx\r\n" * limit).result == MALFORMED
    assert decode(b"1" + b" " * (limit + 1)).result == MALFORMED
    assert decode(b"0\r\n" + b"X" * (limit + 1)).result == MALFORMED
    assert decode(b"0\r\n" + b"X:y\r\n" * (limit // 3 + 1)).result == MALFORMED
    assert decode(b"0\r\n" + b"X:y\r\n" * (limit // 3) + b"\r\n").result == ENDED


def test_the_largest_chunk() -> None:
    decoder = Decoder()
    assert decoder.feed(b"7fffffffffffffff\r\n" + b"x" * 100) == (MORE, b"x" * 100, 118)
    assert decoder.safe_read() > 1 << 30


extension = st.sampled_from([b"", b";a", b' ;a="b"', b";" + b"x" * 20])
trailer = st.sampled_from([b"X: y\r\n", b"Z:\r\n"])
size = st.sampled_from([b"%x", b"%X", b"0%x", b"000%x"])


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A body and its data."""
    coded = data = b""
    for chunk in draw(st.lists(st.binary(min_size=1, max_size=40), max_size=5)):
        coded += draw(size) % len(chunk) + draw(extension) + b"\r\n" + chunk + b"\r\n"
        data += chunk
    coded += b"0" + draw(extension) + b"\r\n" + b"".join(draw(st.lists(trailer, max_size=2)))
    return coded + b"\r\n", data


cuts = st.lists(st.integers(0, 1000), max_size=20)


@given(bodies(), cuts, st.binary(max_size=5))
def test_any_split_gives_the_same_body(
    body: tuple[bytes, bytes], cuts: list[int], behind: bytes
) -> None:
    coded, data = body
    assert decode(coded + behind, cuts) == (ENDED, data, len(coded))
    assert decode(coded + behind, list(range(len(coded)))) == (ENDED, data, len(coded))


@given(bodies())
def test_every_beginning_asks_for_more(body: tuple[bytes, bytes]) -> None:
    coded, data = body
    for end in range(len(coded)):
        result, part, used = decode(coded[:end])
        assert (result, used) == (MORE, end)
        assert data.startswith(part)


@given(bodies())
def test_a_safe_read_never_takes_from_the_next_request(body: tuple[bytes, bytes]) -> None:
    coded, data = body
    decoder = Decoder()
    received, at, result = b"", 0, MORE
    while result == MORE:
        assert at < len(coded)
        size = decoder.safe_read()
        assert size >= 1
        assert at + size <= len(coded)
        result, part, used = decoder.feed(coded[at : at + size])
        assert used == size
        received, at = received + part, at + used
    assert (received, at) == (data, len(coded))


def test_a_safe_read_takes_a_chunk_at_once() -> None:
    decoder = Decoder()
    assert decoder.safe_read() == len(b"0\r\n\r\n")
    decoder.feed(b"64")
    assert decoder.safe_read() == len(b"\r\n") + 100 + len(b"\r\n0\r\n\r\n")
    decoder.feed(b"\r\n")
    assert decoder.safe_read() == 100 + len(b"\r\n0\r\n\r\n")
    decoder.feed(b"x" * 100)
    assert decoder.safe_read() == len(b"\r\n0\r\n\r\n")


def h11_decodes(coded: bytes) -> Decoded:
    server = h11.Connection(h11.SERVER)
    server.receive_data(
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + coded
    )
    assert isinstance(server.next_event(), h11.Request)
    data = b""
    while True:
        event = server.next_event()
        if isinstance(event, h11.Data):
            data += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return Decoded(ENDED, data, len(coded) - len(server.trailing_data[0]))
        else:
            return Decoded(MORE, data, len(coded))


@given(
    bodies(), st.integers(0, 300), st.sampled_from([b"", b"\r", b"\n", b"0", b"f", b";", b"\0"])
)
def test_accepted_bodies_mean_the_same_to_h11(
    body: tuple[bytes, bytes], place: int, insert: bytes
) -> None:
    coded, _ = body
    assume(b" ;" not in coded)  # h11 refuses these, contrary to RFC 9112 section 7.1.1
    place %= len(coded)
    coded = coded[:place] + insert + coded[place + 1 - len(insert) :]
    decoded = decode(coded)
    if decoded.result != MALFORMED:
        assert h11_decodes(coded) == decoded


@given(
    st.one_of(st.binary(max_size=100), st.text("0123\r\n;: aX", max_size=60).map(str.encode)), cuts
)
def test_any_bytes_are_survived(data: bytes, cuts: list[int]) -> None:
    whole = decode(data)
    assert decode(data, cuts) == whole
