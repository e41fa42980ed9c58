# SPDX-License-Identifier: MIT
"""WebSocket frames: RFC 6455 sections 5, 7.4 and 8.1, numbered as the Autobahn test suite does."""

from __future__ import annotations

import struct
from typing import Union

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode, ParseFailed

from .parsers import buffer, ffi, lib, pieces

CONTINUATION, TEXT, BINARY = (
    lib.UHTTPD_WS_OP_CONTINUATION,
    lib.UHTTPD_WS_OP_TEXT,
    lib.UHTTPD_WS_OP_BINARY,
)
CLOSE, PING, PONG = lib.UHTTPD_WS_OP_CLOSE, lib.UHTTPD_WS_OP_PING, lib.UHTTPD_WS_OP_PONG

# ("text", data), ("binary", data), ("ping", data), ("pong", data), ("close", code, reason), or
# ("error", code)
Event = tuple[Union[str, bytes, int], ...]

MASK = b"\x37\xfa\x21\x3d"


def masked(data: bytes, mask: bytes = MASK) -> bytes:
    return bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


def frame(
    opcode: int,
    data: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    mask: bytes | None = MASK,
    length_bytes: int | None = None,
) -> bytes:
    """A frame of a client. length_bytes (0, 2 or 8) forces a longer length than necessary."""
    if length_bytes is None:
        length_bytes = 0 if len(data) < 126 else 2 if len(data) < 0x10000 else 8
    short = {0: len(data), 2: 126, 8: 127}[length_bytes]
    head = bytes([fin << 7 | rsv << 4 | opcode, (mask is not None) << 7 | short])
    if length_bytes:
        head += len(data).to_bytes(length_bytes, "big")
    return head + (data if mask is None else mask + masked(data, mask))


def close(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason)


class Decoder:
    """A uhttpd_ws_decoder_t whose events are joined to messages."""

    def __init__(self, tolerant: bool = False, max_message: int = 0) -> None:
        """Starts after the handshake."""
        self.state = ffi.new("uhttpd_ws_decoder_t *")
        lib.uhttpd_ws_decoder_init(self.state, tolerant, max_message)
        self.events: list[Event] = []
        self.message = b""

    def feed(self, data: bytes) -> None:
        """Decodes everything, as a server does."""
        buf, event = buffer(data), ffi.new("uhttpd_ws_event_t *")
        at = 0
        while True:
            used = lib.uhttpd_ws_decode(self.state, buf + at, len(data) - at, event)
            assert used <= len(data) - at
            at += used
            self.take(event)
            if event.kind in (lib.UHTTPD_WS_EVENT_NONE, lib.UHTTPD_WS_EVENT_ERROR):
                break
        assert at == len(data) or event.kind == lib.UHTTPD_WS_EVENT_ERROR

    def take(self, event: ffi.CData) -> None:
        payload = bytes(ffi.buffer(event.payload, event.len)) if event.len else b""
        if event.kind == lib.UHTTPD_WS_EVENT_DATA:
            assert payload or event.final
            self.message += payload
            if event.final:
                self.events.append(({TEXT: "text", BINARY: "binary"}[event.type], self.message))
                self.message = b""
        elif event.kind == lib.UHTTPD_WS_EVENT_PING:
            self.events.append(("ping", payload))
        elif event.kind == lib.UHTTPD_WS_EVENT_PONG:
            self.events.append(("pong", payload))
        elif event.kind == lib.UHTTPD_WS_EVENT_CLOSE:
            self.events.append(("close", event.code, payload))
        elif event.kind == lib.UHTTPD_WS_EVENT_ERROR and ("error", event.code) not in self.events:
            self.events.append(("error", event.code))


def decode(
    *frames: bytes, tolerant: bool = False, max_message: int = 0, cuts: list[int] | None = None
) -> list[Event]:
    """The events of a stream that arrives in pieces."""
    decoder = Decoder(tolerant, max_message)
    for piece in pieces(b"".join(frames), cuts or []):
        decoder.feed(piece)
    return decoder.events


def decode_octets(*frames: bytes) -> list[Event]:
    return decode(*frames, cuts=list(range(sum(map(len, frames)))))


def header(opcode: int, final: bool, length: int) -> bytes:
    """The header that a server sends before a payload."""
    out = ffi.new("uint8_t[]", lib.UHTTPD_WS_MAX_HEADER)
    return bytes(ffi.buffer(out, lib.uhttpd_ws_encode_header(out, opcode, final, length)))


PROTOCOL_ERROR: list[Event] = [("error", 1002)]
INVALID_DATA: list[Event] = [("error", 1007)]
TOO_BIG: list[Event] = [("error", 1009)]
HELLO: Event = ("text", b"Hello")
FIRST, REST = b"Hello"[:3], b"Hello"[3:]


class TestSection5_7:
    """The examples of RFC 6455 section 5.7."""

    def test_single_frame_unmasked_text(self) -> None:
        assert header(TEXT, True, 5) == b"\x81\x05"
        assert decode(b"\x81\x05Hello", tolerant=True) == [HELLO]

    def test_single_frame_masked_text(self) -> None:
        assert decode(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") == [HELLO]

    def test_fragmented_unmasked_text(self) -> None:
        assert header(TEXT, False, 3) == b"\x01\x03"
        assert header(CONTINUATION, True, 2) == b"\x80\x02"
        assert decode(b"\x01\x03" + FIRST, b"\x80\x02" + REST, tolerant=True) == [HELLO]

    def test_unmasked_ping_and_masked_pong(self) -> None:
        assert header(PING, True, 5) == b"\x89\x05"
        assert decode(b"\x89\x05Hello", tolerant=True) == [("ping", b"Hello")]
        assert decode(b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") == [("pong", b"Hello")]

    def test_256_bytes_in_one_unmasked_frame(self) -> None:
        assert header(BINARY, True, 256) == b"\x82\x7e\x01\x00"
        data = bytes(256)
        assert decode(b"\x82\x7e\x01\x00" + data, tolerant=True) == [("binary", data)]

    def test_64_kib_in_one_unmasked_frame(self) -> None:
        assert header(BINARY, True, 65536) == b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"
        data = bytes(65536)
        decoded = decode(b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + data, tolerant=True)
        assert decoded == [("binary", data)]


class TestHeaders:
    """What the server sends: RFC 6455 section 5.2."""

    @pytest.mark.parametrize(
        ("length", "coded"),
        [
            (0, b"\x82\x00"),
            (125, b"\x82\x7d"),
            (126, b"\x82\x7e\x00\x7e"),
            (65535, b"\x82\x7e\xff\xff"),
            (65536, b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
            (2**63 - 1, b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"),
        ],
    )
    def test_lengths_are_minimal(self, length: int, coded: bytes) -> None:
        assert header(BINARY, True, length) == coded

    @given(
        st.sampled_from([CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG]),
        st.booleans(),
        st.integers(0, 125) | st.integers(126, 70000),
    )
    def test_are_read_by_wsproto(self, opcode: int, final: bool, length: int) -> None:
        if opcode >= CLOSE:
            final, length = True, min(length, 125)
        client = FrameProtocol(client=True, extensions=[])
        if opcode == CONTINUATION:
            client.receive_bytes(header(BINARY, False, 0))
            list(client.received_frames())
        payload = struct.pack("!H", 1000) if opcode == CLOSE else b"x" * length
        client.receive_bytes(header(opcode, final, len(payload)) + payload)
        (read,) = client.received_frames()
        assert read.opcode == (opcode or BINARY)
        assert read.message_finished == final
        if opcode != CLOSE:
            assert len(read.payload) == length


class TestAutobahn1:
    """1: framing."""

    @pytest.mark.parametrize("length", [0, 125, 126, 127, 128, 65535, 65536])
    def test_1_1_1_to_1_1_7_text(self, length: int) -> None:
        data = b"*" * length
        assert decode(frame(TEXT, data)) == [("text", data)]

    @pytest.mark.parametrize("length", [0, 125, 126, 127, 128, 65535, 65536])
    def test_1_2_1_to_1_2_7_binary(self, length: int) -> None:
        data = b"\xfe" * length
        assert decode(frame(BINARY, data)) == [("binary", data)]

    @pytest.mark.parametrize("opcode", [TEXT, BINARY])
    def test_1_1_8_and_1_2_8_chopped(self, opcode: int) -> None:
        coded = frame(opcode, b"*" * 65536)
        chops = list(range(0, len(coded), 997))
        assert decode(coded, cuts=chops) == decode(coded)


class TestAutobahn2:
    """2: pings and pongs."""

    @pytest.mark.parametrize("data", [b"", b"Hello, world!", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"])
    def test_2_1_to_2_3_payloads(self, data: bytes) -> None:
        assert decode(frame(PING, data)) == [("ping", data)]

    def test_2_4_longest(self) -> None:
        assert decode(frame(PING, b"\xfe" * 125)) == [("ping", b"\xfe" * 125)]

    def test_2_5_too_long(self) -> None:
        assert decode(frame(PING, b"\xfe" * 126)) == PROTOCOL_ERROR

    def test_2_6_octetwise(self) -> None:
        assert decode_octets(frame(PING, b"\xfe" * 125)) == [("ping", b"\xfe" * 125)]

    def test_2_7_to_2_9_unsolicited_pongs(self) -> None:
        assert decode(frame(PONG)) == [("pong", b"")]
        assert decode(frame(PONG, b"a"), frame(PING, b"b")) == [("pong", b"a"), ("ping", b"b")]

    def test_2_10_and_2_11_ten_pings(self) -> None:
        pings = [b"payload-%d" % i for i in range(10)]
        expected = [("ping", data) for data in pings]
        assert decode(*(frame(PING, data) for data in pings)) == expected
        assert decode_octets(*(frame(PING, data) for data in pings)) == expected


class TestAutobahn3:
    """3: reserved bits."""

    @pytest.mark.parametrize("rsv", range(1, 8))
    @pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, PONG, CLOSE])
    def test_3_1_and_3_5_to_3_7(self, rsv: int, opcode: int) -> None:
        assert decode(frame(opcode, rsv=rsv)) == PROTOCOL_ERROR

    @pytest.mark.parametrize("rsv", range(1, 8))
    def test_3_2_to_3_4_what_came_before_counts_and_what_follows_does_not(self, rsv: int) -> None:
        frames = [frame(TEXT, b"Hello"), frame(TEXT, b"Hello", rsv=rsv), frame(PING)]
        assert decode(*frames) == [HELLO, *PROTOCOL_ERROR]
        assert decode_octets(*frames) == [HELLO, *PROTOCOL_ERROR]


class TestAutobahn4:
    """4: opcodes."""

    @pytest.mark.parametrize("opcode", [*range(0x3, 0x8), *range(0xB, 0x10)])
    @pytest.mark.parametrize("data", [b"", b"Hello"])
    def test_4_1_and_4_2_reserved(self, opcode: int, data: bytes) -> None:
        frames = [frame(TEXT, b"Hello"), frame(opcode, data), frame(PING)]
        assert decode(*frames) == [HELLO, *PROTOCOL_ERROR]
        assert decode_octets(*frames) == [HELLO, *PROTOCOL_ERROR]


class TestAutobahn5:
    """5: fragmentation."""

    @pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
    def test_5_1_and_5_2_control_frames_are_not_fragmented(self, opcode: int) -> None:
        fragments = [frame(opcode, b"a", fin=False), frame(CONTINUATION, b"b")]
        assert decode(*fragments) == PROTOCOL_ERROR

    def test_5_3_to_5_5_two_fragments(self) -> None:
        fragments = [frame(TEXT, FIRST, fin=False), frame(CONTINUATION, REST)]
        assert decode(*fragments) == [HELLO]
        assert decode_octets(*fragments) == [HELLO]

    def test_5_6_to_5_8_ping_between_fragments(self) -> None:
        frames = [frame(TEXT, FIRST, fin=False), frame(PING, b"!"), frame(CONTINUATION, REST)]
        assert decode(*frames) == [("ping", b"!"), HELLO]
        assert decode_octets(*frames) == [("ping", b"!"), HELLO]

    @pytest.mark.parametrize("fin", [True, False])
    def test_5_9_to_5_14_nothing_to_continue(self, fin: bool) -> None:
        assert decode(frame(CONTINUATION, b"a", fin=fin), frame(TEXT, b"b")) == PROTOCOL_ERROR

    @pytest.mark.parametrize("fin", [True, False])
    def test_5_15_nothing_to_continue_behind_a_fragmented_message(self, fin: bool) -> None:
        frames = [frame(TEXT, FIRST, fin=False), frame(CONTINUATION, REST)]
        frames += [frame(CONTINUATION, b"a", fin=fin), frame(TEXT, b"b")]
        assert decode(*frames) == [HELLO, *PROTOCOL_ERROR]

    @pytest.mark.parametrize("fin", [True, False])
    def test_5_16_and_5_17_nothing_to_continue_at_first(self, fin: bool) -> None:
        frames = [frame(CONTINUATION, b"a", fin=fin), frame(TEXT, b"b", fin=False)]
        assert decode(*frames, frame(CONTINUATION, b"c")) == PROTOCOL_ERROR

    @pytest.mark.parametrize("opcode", [TEXT, BINARY])
    def test_5_18_a_message_within_a_message(self, opcode: int) -> None:
        assert decode(frame(TEXT, b"a", fin=False), frame(opcode, b"b")) == PROTOCOL_ERROR

    def test_5_19_and_5_20_five_fragments_and_pings(self) -> None:
        frames = [frame(TEXT, b"1", fin=False), frame(CONTINUATION, b"2", fin=False)]
        frames += [frame(PING, b"a"), frame(CONTINUATION, b"3", fin=False)]
        frames += [frame(CONTINUATION, b"4", fin=False), frame(PING, b"b")]
        frames += [frame(CONTINUATION, b"5")]
        assert decode(*frames) == [("ping", b"a"), ("ping", b"b"), ("text", b"12345")]


KOSME = "κόσμε".encode()


class TestAutobahn6:
    """6: UTF-8."""

    def test_6_1_empty_fragments(self) -> None:
        assert decode(frame(TEXT)) == [("text", b"")]
        empty = [frame(TEXT, fin=False), frame(CONTINUATION, fin=False), frame(CONTINUATION)]
        assert decode(*empty) == [("text", b"")]
        middle = [empty[0], frame(CONTINUATION, b"Hello", fin=False), empty[2]]
        assert decode(*middle) == [HELLO]

    def test_6_2_valid_in_fragments_and_octets(self) -> None:
        data = "Hello-µ@ßöäüàá-UTF-8!!".encode()
        octets = [frame(CONTINUATION, data[i : i + 1], fin=False) for i in range(1, len(data))]
        assert decode(frame(TEXT, data)) == [("text", data)]
        fragmented = [frame(TEXT, data[:1], fin=False), *octets, frame(CONTINUATION)]
        assert decode(*fragmented) == [("text", data)]

    def test_6_3_invalid_in_fragments_and_octets(self) -> None:
        data = KOSME + b"\xed\xa0\x80edited"
        octets = [frame(CONTINUATION, data[i : i + 1], fin=False) for i in range(1, len(data))]
        assert decode(frame(TEXT, data)) == INVALID_DATA
        assert decode(frame(TEXT, data[:1], fin=False), *octets) == INVALID_DATA

    def test_6_4_1_fails_in_the_frame_that_is_wrong(self) -> None:
        assert decode(frame(TEXT, KOSME, fin=False)) == []
        wrong = frame(CONTINUATION, b"\xf4\x90\x80\x80", fin=False)
        assert decode(frame(TEXT, KOSME, fin=False), wrong) == INVALID_DATA

    def test_6_4_2_fails_as_soon_as_nothing_can_mend_it(self) -> None:
        assert decode(frame(TEXT, KOSME + b"\xf4", fin=False)) == []
        wrong = frame(CONTINUATION, b"\x90", fin=False)
        assert decode(frame(TEXT, KOSME + b"\xf4", fin=False), wrong) == INVALID_DATA

    def test_6_4_3_and_6_4_4_fails_within_a_frame(self) -> None:
        coded = frame(TEXT, KOSME + b"\xf4\x90\x80\x80edited")
        payload = len(coded) - len(KOSME + b"\xf4\x90\x80\x80edited")
        assert decode(coded[: payload + len(KOSME) + 1]) == []
        assert decode(coded[: payload + len(KOSME) + 2]) == INVALID_DATA

    @pytest.mark.parametrize("data", [KOSME[:end] for end in range(len(KOSME) + 1)])
    def test_6_5_and_6_6_prefixes(self, data: bytes) -> None:
        whole = data.decode(errors="ignore").encode() == data
        assert decode(frame(TEXT, data)) == ([("text", data)] if whole else INVALID_DATA)

    @pytest.mark.parametrize(
        "data",
        [
            *(b"\x00", b"\xc2\x80", b"\xe0\xa0\x80", b"\xf0\x90\x80\x80"),  # 6.7
            *(b"\x7f", b"\xdf\xbf", b"\xef\xbf\xbf", b"\xf4\x8f\xbf\xbf"),  # 6.9
            *(b"\xed\x9f\xbf", b"\xee\x80\x80", b"\xef\xbf\xbd"),  # 6.11, 6.23
            *(b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xf0\x9f\xbf\xbe"),  # 6.22: noncharacters
        ],
    )
    def test_6_7_to_6_23_valid(self, data: bytes) -> None:
        assert decode(frame(TEXT, data)) == [("text", data)]

    @pytest.mark.parametrize(
        "data",
        [
            *(b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80"),  # 6.8
            *(b"\xf7\xbf\xbf\xbf", b"\xfb\xbf\xbf\xbf\xbf", b"\xfd\xbf\xbf\xbf\xbf\xbf"),  # 6.10
            b"\xf4\x90\x80\x80",  # 6.11
            *(b"\x80", b"\xbf", b"\x80\xbf"),  # 6.12: nothing to continue
            *(b"\xc2 ", b"\xe0 ", b"\xf0 "),  # 6.13: nothing continues
            *(b"\xc2", b"\xe0\xa0", b"\xf0\x90\x80"),  # 6.14: the last one is missing
            b"\xc0\xe0\x80\xf0\x80\x80",  # 6.15
            *(b"\xfe", b"\xff"),  # 6.16
            *(b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf"),  # 6.17: overlong
            *(b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf"),  # 6.18
            *(b"\xc0\x80", b"\xe0\x80\x80"),  # 6.19
            *(b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80"),  # 6.20, 6.21
        ],
    )
    def test_6_8_to_6_21_invalid(self, data: bytes) -> None:
        assert decode(frame(TEXT, data)) == INVALID_DATA
        assert (
            decode(frame(TEXT, data[:1], fin=False), frame(CONTINUATION, data[1:])) == INVALID_DATA
        )

    def test_binary_is_not_text(self) -> None:
        assert decode(frame(BINARY, b"\xff")) == [("binary", b"\xff")]

    def test_every_message_is_checked_from_its_own_beginning(self) -> None:
        split = [frame(BINARY, b"\xc3"), frame(TEXT, "ä".encode())]
        assert decode(*split) == [("binary", b"\xc3"), ("text", "ä".encode())]


class TestAutobahn7:
    """7: the closing handshake."""

    def test_7_1_1_close_after_a_message(self) -> None:
        assert decode(frame(TEXT, b"Hello"), close(1000)) == [HELLO, ("close", 1000, b"")]

    @pytest.mark.parametrize(
        "behind",
        [close(1000), frame(PING), frame(TEXT, b"a"), frame(CONTINUATION, b"a"), b"\xff\xff\xff"],
    )
    def test_7_1_2_to_7_1_6_nothing_counts_behind_it(self, behind: bytes) -> None:
        begun = [frame(TEXT, FIRST, fin=False), close(1000)]
        assert decode(*begun, behind) == [("close", 1000, b"")]
        assert decode_octets(*begun, behind) == [("close", 1000, b"")]

    def test_7_3_1_no_payload(self) -> None:
        assert decode(frame(CLOSE)) == [("close", 1005, b"")]

    def test_7_3_2_half_a_code(self) -> None:
        assert decode(frame(CLOSE, b"a")) == PROTOCOL_ERROR

    @pytest.mark.parametrize("reason", [b"", b"Hello World!", b"*" * 123, "ä".encode()])
    def test_7_3_3_to_7_3_5_reasons(self, reason: bytes) -> None:
        assert decode(close(1000, reason)) == [("close", 1000, reason)]

    def test_7_3_6_reason_too_long(self) -> None:
        assert decode(close(1000, b"*" * 124)) == PROTOCOL_ERROR

    @pytest.mark.parametrize("reason", [KOSME + b"\xed\xa0\x80edited", b"\xc3", b"\xff"])
    def test_7_5_1_invalid_reasons(self, reason: bytes) -> None:
        assert decode(close(1000, reason)) == INVALID_DATA

    @pytest.mark.parametrize(
        "code",
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]
        + [3000, 3999, 4000, 4999],
    )
    def test_7_7_valid_codes(self, code: int) -> None:
        assert lib.uhttpd_ws_close_code_valid(code)
        assert decode(close(code)) == [("close", code, b"")]

    @pytest.mark.parametrize(
        "code",
        [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535],
    )
    def test_7_9_and_7_13_invalid_codes(self, code: int) -> None:
        assert not lib.uhttpd_ws_close_code_valid(code)
        assert decode(close(code)) == PROTOCOL_ERROR
        assert decode(close(code, b"\xff")) == PROTOCOL_ERROR


class TestStrict:
    """The rest of RFC 6455 section 5.2."""

    @pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, PONG, CLOSE])
    def test_5_1_unmasked_frames(self, opcode: int) -> None:
        assert decode(frame(opcode, mask=None)) == PROTOCOL_ERROR

    @pytest.mark.parametrize(
        ("length", "length_bytes"), [(0, 2), (125, 2), (0, 8), (125, 8), (65535, 8)]
    )
    def test_5_2_lengths_must_be_minimal(self, length: int, length_bytes: int) -> None:
        assert decode(frame(BINARY, b"a" * length, length_bytes=length_bytes)) == PROTOCOL_ERROR

    @pytest.mark.parametrize("tolerant", [False, True])
    def test_5_2_the_top_bit_of_a_length(self, tolerant: bool) -> None:
        coded = b"\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00" + MASK
        assert decode(coded, tolerant=tolerant) == PROTOCOL_ERROR

    def test_5_2_the_greatest_length(self) -> None:
        coded = b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + MASK
        assert decode(coded + b"a" * 1000) == []

    def test_5_3_any_mask(self) -> None:
        for mask in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x01\x02\x03\x04"):
            assert decode_octets(frame(TEXT, b"Hello", mask=mask)) == [HELLO]

    @pytest.mark.parametrize(
        "coded",
        [b"\x83", b"\x8b", b"\xc1", b"\x09", b"\x80", b"\x81\x05", b"\x89\xfe", b"\x88\x81"],
    )
    def test_nonsense_is_not_waited_on(self, coded: bytes) -> None:
        assert decode(coded) == PROTOCOL_ERROR

    def test_stays_failed(self) -> None:
        decoder = Decoder()
        decoder.feed(b"\x83")
        decoder.feed(frame(TEXT, b"Hello"))
        decoder.feed(b"")
        assert decoder.events == PROTOCOL_ERROR


class TestTolerant:
    """What WebREPL's old clients may do, and what even they must not do."""

    def test_unmasked_frames(self) -> None:
        assert decode(frame(TEXT, b"Hello", mask=None), tolerant=True) == [HELLO]

    def test_masked_and_unmasked_frames_in_turn(self) -> None:
        frames = [frame(TEXT, FIRST, fin=False), frame(CONTINUATION, REST, mask=None)]
        assert decode(*frames, frame(PING, b"a"), tolerant=True) == [HELLO, ("ping", b"a")]

    @pytest.mark.parametrize("data", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
    def test_text_of_any_bytes(self, data: bytes) -> None:
        assert decode(frame(TEXT, data), tolerant=True) == [("text", data)]
        assert decode(close(1000, data), tolerant=True) == [("close", 1000, data)]

    @pytest.mark.parametrize("length_bytes", [2, 8])
    def test_long_lengths(self, length_bytes: int) -> None:
        coded = frame(TEXT, b"Hello", length_bytes=length_bytes)
        assert decode(coded, tolerant=True) == [HELLO]

    @pytest.mark.parametrize(
        "coded",
        [
            frame(TEXT, rsv=1),
            frame(3),
            frame(11),
            frame(PING, fin=False),
            frame(PING, b"a" * 126),
            frame(PING, b"a", length_bytes=2),
            frame(CONTINUATION),
            frame(TEXT, fin=False) + frame(TEXT),
            frame(CLOSE, b"a"),
            close(1005),
        ],
    )
    def test_all_else_is_as_strict(self, coded: bytes) -> None:
        assert decode(coded, tolerant=True) == PROTOCOL_ERROR


class TestMaxMessage:
    """RFC 6455 section 10.4: 1009, before any of the payload has come."""

    def test_in_one_frame(self) -> None:
        assert decode(frame(TEXT, b"Hello"), max_message=5) == [HELLO]
        assert decode(frame(TEXT, b"Hello!")[:6], max_message=5) == TOO_BIG

    def test_in_fragments(self) -> None:
        fragments = [frame(TEXT, FIRST, fin=False), frame(CONTINUATION, REST, fin=False)]
        assert decode(*fragments, frame(CONTINUATION), max_message=5) == [HELLO]
        assert decode(*fragments, frame(CONTINUATION, b"!"), max_message=5) == TOO_BIG

    def test_counts_anew_for_every_message(self) -> None:
        assert decode(*[frame(TEXT, b"Hello")] * 3, max_message=5) == [HELLO] * 3

    def test_control_frames_do_not_count(self) -> None:
        frames = [
            frame(TEXT, FIRST, fin=False),
            frame(PING, b"a" * 125),
            frame(CONTINUATION, REST),
        ]
        assert decode(*frames, max_message=5) == [("ping", b"a" * 125), HELLO]

    def test_of_lengths_beyond_any_buffer(self) -> None:
        coded = b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + MASK
        assert decode(coded, max_message=0xFFFFFFFF) == TOO_BIG
        fragments = [frame(BINARY, b"a", fin=False), b"\x80" + coded[1:]]
        assert decode(*fragments, max_message=0xFFFFFFFF) == TOO_BIG


def test_data_is_handed_on_as_it_comes() -> None:
    """A message of any size needs no memory of its size."""
    coded = frame(BINARY, b"a" * 100)
    decoder, event = Decoder(), ffi.new("uhttpd_ws_event_t *")
    part = buffer(coded[:50])
    assert lib.uhttpd_ws_decode(decoder.state, part, 50, event) == 50
    assert (event.kind, event.type, event.final) == (lib.UHTTPD_WS_EVENT_DATA, BINARY, False)
    assert event.payload >= ffi.cast("uint8_t *", part)
    assert bytes(ffi.buffer(event.payload, event.len)) == b"a" * 44


# Streams of mostly valid frames.
utf8 = st.one_of(
    st.text(max_size=10).map(str.encode), st.sampled_from([b"\xc3", b"\xa4", b"\xed\xa0", b"\xff"])
)
control = st.sampled_from([PING, PONG])
reasons = st.builds(
    lambda code, reason: struct.pack("!H", code) + reason,
    st.sampled_from([1000, 1001, 1005, 1012, 2000, 3000, 4999, 5000]),
    utf8,
)
mask = st.sampled_from([MASK, b"\0\0\0\0"])
messages = st.one_of(
    st.builds(lambda data, mask: [frame(TEXT, data, mask=mask)], utf8, mask),
    st.builds(lambda data, mask: [frame(BINARY, data, mask=mask)], st.binary(max_size=200), mask),
    st.builds(lambda opcode, data: [frame(opcode, data)], control, st.binary(max_size=127)),
    st.builds(
        lambda opcode, first, ping, last: [
            frame(opcode, first, fin=False),
            frame(PING, ping),
            frame(CONTINUATION, last),
        ],
        st.sampled_from([TEXT, BINARY]),
        utf8,
        st.binary(max_size=5),
        utf8,
    ),
)
oddities = st.one_of(
    st.builds(
        frame, st.integers(0, 15), utf8, fin=st.booleans(), rsv=st.sampled_from([0, 0, 1, 4])
    ),
    st.builds(frame, st.sampled_from([TEXT, PING]), utf8, mask=st.sampled_from([MASK, None])),
    st.builds(frame, st.sampled_from([TEXT, PING]), utf8, length_bytes=st.sampled_from([2, 8])),
    st.builds(frame, st.just(CLOSE), reasons),
    st.binary(max_size=10),
).map(lambda one: [one])
streams = st.lists(st.one_of(messages, messages, messages, oddities), max_size=5).map(
    lambda groups: b"".join(part for group in groups for part in group)
)
cuts = st.lists(st.integers(0, 2000), max_size=20)


@given(streams, cuts, st.booleans(), st.sampled_from([0, 20]))
def test_any_split_gives_the_same_events(
    stream: bytes, cuts: list[int], tolerant: bool, max_message: int
) -> None:
    whole = decode(stream, tolerant=tolerant, max_message=max_message)
    assert decode(stream, tolerant=tolerant, max_message=max_message, cuts=cuts) == whole
    octets = list(range(len(stream)))
    assert decode(stream, tolerant=tolerant, max_message=max_message, cuts=octets) == whole


@given(streams)
def test_tolerant_accepts_everything_that_strict_accepts(stream: bytes) -> None:
    events = decode(stream)
    if not events or events[-1][0] != "error":
        assert decode(stream, tolerant=True) == events


def wsproto_decodes(stream: bytes) -> list[Event]:
    server = FrameProtocol(client=False, extensions=[])
    server.receive_bytes(stream)
    events: list[Event] = []
    message = b""
    try:
        for read in server.received_frames():
            if read.opcode == Opcode.CLOSE:
                code, reason = read.payload
                events.append(("close", int(code), reason.encode()))
            elif read.opcode.iscontrol():
                events.append((read.opcode.name.lower(), bytes(read.payload)))
            else:
                text = isinstance(read.payload, str)
                message += read.payload.encode() if text else read.payload
                if read.message_finished:
                    events.append((read.opcode.name.lower(), message))
                    message = b""
    except ParseFailed as error:
        events.append(("error", int(error.code)))
    return events


@given(streams)
@example(frame(CLOSE, b"a"))
@example(frame(TEXT, b"a", mask=None))
def test_agrees_with_wsproto(stream: bytes) -> None:
    events, expected = decode(stream), wsproto_decodes(stream)
    if events != expected:  # wsproto sometimes complains later than it could
        assert events[-1][0] == "error"
        assert events[:-1] == expected[: len(events) - 1]
        assert wsproto_decodes(stream + bytes(200))[-1][0] == "error"


@given(st.binary(max_size=200), cuts, st.booleans(), st.sampled_from([0, 10]))
def test_any_bytes_are_survived(
    data: bytes, cuts: list[int], tolerant: bool, max_message: int
) -> None:
    whole = decode(data, tolerant=tolerant, max_message=max_message)
    assert decode(data, tolerant=tolerant, max_message=max_message, cuts=cuts) == whole
