# SPDX-License-Identifier: MIT
"""RFC 6455, case by case, with the numbers of the Autobahn test suite.

Written from the published descriptions of its cases 1 to 7, 9 and 10. Cases 12 and 13 are about
compression, which the server declines. Each case is a conversation with a server that echoes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.support.websocket import BINARY, CLOSE, CONTINUATION, PONG, TEXT, frame

from .ws_wire import Wire, ping

K, M = 1024, 1024 * 1024
OCTETS = 1
HELLO = b"Hello, world!"
PROTOCOL_ERROR, INVALID_DATA = 1002, 1007
NAMES = {TEXT: "text", BINARY: "binary"}

Play = Callable[[Wire], None]


@dataclass(frozen=True)
class Case:
    """One conversation."""

    number: str
    sent: str
    """What the client does."""
    expected: str
    """What the server must do."""
    play: Play


def pattern(opcode: int, size: int) -> bytes:
    """A payload that shows whether a byte was lost, doubled or moved."""
    if opcode == TEXT:
        return (b"0123456789abcdefghijklmnopqrstu" * (size // 31 + 1))[:size]
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def in_fragments(opcode: int, payload: bytes, size: int) -> Iterator[bytes]:
    """The frames of a message, each with that many bytes."""
    for at in range(0, max(len(payload), 1), size):
        final = at + size >= len(payload)
        yield frame(CONTINUATION if at else opcode, payload[at : at + size], fin=final)


# Plays, made of what the client sends and what must come back


def echoed(opcode: int, payload: bytes, data: bytes | None = None, chop: int = 0) -> Play:
    """A message comes back, then the session ends in order."""

    def play(wire: Wire) -> None:
        wire.send_chopped(frame(opcode, payload) if data is None else data, chop)
        assert wire.message() == (opcode, payload)
        wire.end_in_order()

    return play


def echoed_in_pieces(opcode: int, payload: bytes, pieces: Callable[[], Iterator[bytes]]) -> Play:
    """The same for messages longer than the buffers between the two."""

    def play(wire: Wire) -> None:
        sender = wire.send_beside(pieces())
        assert wire.message() == (opcode, payload)
        sender.join()
        wire.end_in_order()

    return play


def fails(data: bytes, code: int = PROTOCOL_ERROR, first: bytes = b"", chop: int = 0) -> Play:
    """A text in front is echoed, then the server fails the connection."""

    def play(wire: Wire) -> None:
        wire.send_chopped((frame(TEXT, first) if first else b"") + data, chop)
        if first:
            assert wire.message() == (TEXT, first)
        assert wire.end()[0] == code

    return play


def ponged(*payloads: bytes, before: bytes = b"", chop: int = 0) -> Play:
    """Every ping is answered, and nothing else."""

    def play(wire: Wire) -> None:
        wire.send_chopped(before + b"".join(map(ping, payloads)), chop)
        assert [wire.pong() for _ in payloads] == list(payloads)
        wire.end_in_order()

    return play


def closed(data: bytes, code: int = 1000) -> Play:
    """The server ends the session with this code, and sends nothing else."""

    def play(wire: Wire) -> None:
        wire.send(data)
        assert wire.end()[0] == code

    return play


# The cases


def framing() -> Iterator[Case]:
    """1: messages with lengths at which the header grows."""
    for group, opcode in ((1, TEXT), (2, BINARY)):
        sizes = [0, 125, 126, 127, 128, 65535, 65536]
        for i, size in enumerate(sizes, 1):
            sent = f"{NAMES[opcode]} of {size} bytes"
            play = echoed(opcode, pattern(opcode, size))
            yield Case(f"1.{group}.{i}", sent, "echo", play)
        play = echoed(opcode, pattern(opcode, 65536), chop=997)
        yield Case(f"1.{group}.8", f"{NAMES[opcode]} of 65536 bytes, 997 at a time", "echo", play)


def pings() -> Iterator[Case]:
    """2: pings and pongs."""
    binary = b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"
    ten = [b"payload %d" % i for i in range(10)]
    pong = frame(PONG, b"nobody asked")
    yield Case("2.1", "ping without payload", "pong", ponged(b""))
    yield Case("2.2", "ping with text", "pong", ponged(HELLO))
    yield Case("2.3", "ping with bytes that are no UTF-8", "pong", ponged(binary))
    yield Case("2.4", "ping of 125 bytes", "pong", ponged(b"\xfe" * 125))
    yield Case("2.5", "ping of 126 bytes", "1002", fails(ping(b"\xfe" * 126)))
    yield Case("2.6", "ping of 125 bytes, octet-wise", "pong", ponged(b"\xfe" * 125, chop=OCTETS))
    yield Case("2.7", "pong without payload", "nothing", ponged(before=frame(PONG)))
    yield Case("2.8", "pong with payload", "nothing", ponged(before=pong))
    yield Case("2.9", "pong, then ping", "one pong", ponged(HELLO, before=pong))
    yield Case("2.10", "10 pings", "10 pongs", ponged(*ten))
    yield Case("2.11", "10 pings, octet-wise", "10 pongs", ponged(*ten, chop=OCTETS))


def reserved_bits() -> Iterator[Case]:
    """3: bits without a meaning."""
    after, echo = " after a text, then a ping", "echo, 1002"

    def text(rsv: int) -> bytes:
        return frame(TEXT, HELLO, rsv=rsv) + ping()

    yield Case("3.1", "text with RSV 1", "1002", fails(frame(TEXT, HELLO, rsv=1)))
    yield Case("3.2", f"text with RSV 2{after}", echo, fails(text(2), first=HELLO))
    yield Case("3.3", f"RSV 3{after}, frame-wise", echo, fails(text(3), first=HELLO, chop=19))
    yield Case("3.4", f"RSV 4{after}, octet-wise", echo, fails(text(4), first=HELLO, chop=OCTETS))
    yield Case("3.5", "binary with RSV 5", "1002", fails(frame(BINARY, b"\x00\xff", rsv=5)))
    yield Case("3.6", "ping with RSV 6", "1002", fails(frame(9, HELLO, rsv=6)))
    yield Case("3.7", "close with RSV 7", "1002", fails(frame(CLOSE, b"\x03\xe8", rsv=7)))


def opcodes() -> Iterator[Case]:
    """4: reserved opcodes."""
    for group, first in ((1, 3), (2, 11)):
        for i in range(5):
            opcode, payload = first + i, HELLO if i in (1, 3, 4) else b""
            what = f"opcode {opcode}" + (" with payload" if payload else "")
            data = frame(opcode, payload)
            if i < 2:
                yield Case(f"4.{group}.{i + 1}", what, "1002", fails(data))
            else:
                chop = OCTETS if i == 4 else 0
                sent = f"{what} after a text, then a ping" + (", octet-wise" if chop else "")
                play = fails(data + ping(), first=HELLO, chop=chop)
                yield Case(f"4.{group}.{i + 1}", sent, "echo, 1002", play)


def fragmentation() -> Iterator[Case]:
    """5: messages in pieces."""
    one, two = frame(TEXT, b"one", fin=False), frame(CONTINUATION, b"two")
    lost = {True: frame(CONTINUATION, b"lost"), False: frame(CONTINUATION, b"lost", fin=False)}
    ways = (("", 0), (", frame-wise", 9), (", octet-wise", OCTETS))
    yield Case("5.1", "ping in 2 fragments", "1002", fails(frame(9, b"a", fin=False)))
    yield Case("5.2", "pong in 2 fragments", "1002", fails(frame(PONG, b"a", fin=False)))
    for i, (way, chop) in enumerate(ways):
        play = echoed(TEXT, b"onetwo", one + two, chop)
        yield Case(f"5.{3 + i}", f"text in 2 fragments{way}", "echo", play)
    for i, (way, chop) in enumerate(ways):
        sent = f"text in 2 fragments, a ping in between{way}"
        yield Case(f"5.{6 + i}", sent, "pong, echo", _ping_amid(one, ping(HELLO), two, chop))
    for base, final in ((9, True), (12, False)):
        for i, (way, chop) in enumerate(ways):
            sent = f"continuation of nothing, FIN {int(final)}, then text{way}"
            play = fails(lost[final] + frame(TEXT, HELLO), chop=chop)
            yield Case(f"5.{base + i}", sent, "1002", play)
    sent = "text in 2 fragments, continuation of nothing, text"
    play = _echo_then_fail(one + two, b"onetwo", lost[False] + frame(TEXT, HELLO))
    yield Case("5.15", sent, "echo, 1002", play)
    for base, final in ((16, False), (17, True)):
        sent = f"twice: continuation of nothing, FIN {int(final)}, text in 2 fragments"
        yield Case(f"5.{base}", sent, "1002", fails(2 * (lost[final] + one + two)))
    yield Case("5.18", "text in 2 frames, both with opcode 1", "1002", fails(one + one))
    yield Case("5.19", "text in 5 fragments, pings in between", "pongs, echo", _pings_amid(0))
    sent = "text in 5 fragments, pings in between, octet-wise"
    yield Case("5.20", sent, "pongs, echo", _pings_amid(OCTETS))


def _ping_amid(first: bytes, between: bytes, last: bytes, chop: int) -> Play:
    def play(wire: Wire) -> None:
        wire.send_chopped(first + between + last, chop)
        assert wire.message() == (TEXT, b"onetwo")
        assert wire.interleaved == [(PONG, HELLO)]
        wire.end_in_order()

    return play


def _echo_then_fail(data: bytes, echo: bytes, wrong: bytes) -> Play:
    def play(wire: Wire) -> None:
        wire.send(data + wrong)
        assert wire.message() == (TEXT, echo)
        assert wire.end()[0] == PROTOCOL_ERROR

    return play


def _pings_amid(chop: int) -> Play:
    parts = [b"one", b"two", b"three", b"four", b"five"]
    frames = [frame(CONTINUATION if i else TEXT, part, i == 4) for i, part in enumerate(parts)]

    def play(wire: Wire) -> None:
        wire.send_chopped(frames[0] + frames[1] + ping(b"1"), chop)
        assert wire.pong() == b"1"
        wire.send_chopped(frames[2] + frames[3] + ping(b"2") + frames[4], chop)
        assert wire.message() == (TEXT, b"".join(parts))
        assert wire.interleaved == [(PONG, b"2")]
        wire.end_in_order()

    return play


def utf8() -> Iterator[Case]:
    """6: text is UTF-8, and the first wrong byte is noticed."""
    hello, kosme = "Hello-µ@ßöäüàá-UTF-8!!".encode(), "κόσμε".encode()
    wrong = kosme + b"\xed\xa0\x80" + b"edited"
    empty = b"".join(in_fragments(TEXT, b"", 1))
    first, no_more = frame(TEXT, b"", fin=False), frame(CONTINUATION)
    middle = frame(CONTINUATION, b"middle", fin=False)
    yield Case("6.1.1", "text of 0 bytes", "echo", echoed(TEXT, b"", empty))
    three = first + frame(CONTINUATION, b"", fin=False) + no_more
    yield Case("6.1.2", "3 empty fragments", "echo", echoed(TEXT, b"", three))
    around = echoed(TEXT, b"middle", first + middle + no_more)
    yield Case("6.1.3", "empty, full and empty fragment", "echo", around)
    yield Case("6.2.1", "text beyond ASCII", "echo", echoed(TEXT, hello))
    halves = frame(TEXT, hello[:12], fin=False) + frame(CONTINUATION, hello[12:])
    yield Case("6.2.2", "in 2 fragments between characters", "echo", echoed(TEXT, hello, halves))
    for number, text in (("6.2.3", hello), ("6.2.4", kosme)):
        octets = b"".join(in_fragments(TEXT, text, 1))
        yield Case(number, "in fragments of 1 byte", "echo", echoed(TEXT, text, octets))
    yield Case("6.3.1", "text with a surrogate", "1007", fails(frame(TEXT, wrong), INVALID_DATA))
    octets = b"".join(in_fragments(TEXT, wrong, 1))
    yield Case("6.3.2", "in fragments of 1 byte", "1007", fails(octets, INVALID_DATA))
    parts = {
        1: (kosme, b"\xf4\x90\x80\x80", b"edited"),
        2: (kosme + b"\xf4", b"\x90", b"\x80\x80"),
    }
    for i in (1, 2):
        sent = "right fragment, wrong one" + (" up to its first wrong byte" if i == 2 else "")
        yield Case(f"6.4.{i}", sent, "1007 before the rest", _fails_fast(*parts[i], frames=True))
    for i in (1, 2):
        sent = "the same in writes of one frame" + (", up to the wrong byte" if i == 2 else "")
        play = _fails_fast(*parts[i], frames=False)
        yield Case(f"6.4.{i + 2}", sent, "1007 before the rest", play)
    for i, (what, texts) in enumerate(utf8_texts(kosme), 5):
        for j, text in enumerate(texts, 1):
            yield _utf8_case(f"6.{i}.{j}", what, text)


def _fails_fast(right: bytes, wrong: bytes, rest: bytes, frames: bool) -> Play:
    def play(wire: Wire) -> None:
        if frames:
            wire.send(frame(TEXT, right, fin=False))
        else:
            whole = frame(TEXT, right + wrong + rest)
            at = len(whole) - len(wrong + rest)
            wire.send(whole[:at])
        assert wire.begin(len(right)) == right
        wire.send(frame(CONTINUATION, wrong, fin=False) if frames else whole[at : -len(rest)])
        assert wire.end()[0] == INVALID_DATA

    return play


def _utf8_case(number: str, what: str, text: bytes) -> Case:
    shown = text.hex() if len(text) <= 12 else text[:12].hex() + "…"
    sent = f"{what}: {shown}"
    try:
        text.decode()
    except UnicodeDecodeError:
        return Case(number, sent, "1007", fails(frame(TEXT, text), INVALID_DATA))
    return Case(number, sent, "echo", echoed(TEXT, text))


def utf8_texts(kosme: bytes) -> list[tuple[str, list[bytes]]]:
    """Typical mistakes of decoders, after Markus Kuhn's stress test. Python says what is valid."""
    lead = [b"\xc0", b"\xe0\x80", b"\xf0\x80\x80", b"\xf8\x80\x80\x80", b"\xfc\x80\x80\x80\x80"]
    lead += [b"\xdf", b"\xef\xbf", b"\xf7\xbf\xbf", b"\xfb\xbf\xbf\xbf", b"\xfd\xbf\xbf\xbf\xbf"]
    starts = [(0xC0, 0xDF), (0xE0, 0xEF), (0xF0, 0xF7), (0xF8, 0xFB), (0xFC, 0xFD)]
    surrogates = [0xD800, 0xDB7F, 0xDB80, 0xDBFF, 0xDC00, 0xDF80, 0xDFFF]
    high, low = [0xD800, 0xDB7F, 0xDB80, 0xDBFF], [0xDC00, 0xDFFF]
    no_characters = [*range(0xFFFE, 0x10000)]
    no_characters += [plane << 16 | last for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)]
    return [
        ("text", [b"hello$world", *_within("¢€𤭢"), kosme]),
        ("beginning of a text", [kosme[:i] for i in range(1, len(kosme) + 1)]),
        ("first of its length", _hex("00", "c280", "e0a080", "f0908080")),
        ("first of its length", _hex("f888808080", "fc8480808080")),
        ("last of its length", _hex("7f", "dfbf", "efbfbf", "f48fbfbf")),
        ("last of its length", _hex("f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf")),
        ("border", _hex("ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "f4908080")),
        (
            "no start",
            [b"\x80", *(b"\xbf"[: i == 0] or (b"\x80\xbf" * 3)[: i + 1] for i in range(6))]
            + [bytes(range(0x80, 0xBF))],
        ),
        ("start alone", [b"".join(bytes([i, 32]) for i in range(*r)) for r in starts]),
        ("last byte missing", lead),
        ("last bytes missing", [b"".join(lead)]),
        ("impossible byte", _hex("fe", "ff", "fefeffff")),
        ("overlong", _hex("c0af", "e080af", "f08080af", "f8808080af", "fc80808080af")),
        ("overlong", _hex("c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf")),
        ("overlong NUL", _hex("c080", "e08080", "f0808080", "f880808080", "fc8080808080")),
        ("surrogate", [_surrogate(code) for code in surrogates]),
        ("surrogates", [_surrogate(a) + _surrogate(b) for a in high for b in low]),
        ("no character", [chr(code).encode() for code in no_characters]),
        ("special", [chr(code).encode() for code in range(0xFFF9, 0x10000)]),
    ]


def _within(characters: str) -> list[bytes]:
    return [f"hello{character}world".encode() for character in characters]


def _hex(*texts: str) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def _surrogate(code: int) -> bytes:
    return chr(code).encode("utf-8", "surrogatepass")


def closing() -> Iterator[Case]:
    """7: how a session ends."""
    close = frame(CLOSE, (1000).to_bytes(2, "big"))

    def reason(text: bytes) -> bytes:
        return frame(CLOSE, (1000).to_bytes(2, "big") + text)

    yield Case("7.1.1", "text, then close", "echo, 1000", _echo_and_close(HELLO))
    yield Case("7.1.2", "close twice", "1000 once", closed(close + frame(CLOSE)))
    yield Case("7.1.3", "close, then ping", "1000, no pong", closed(close + ping()))
    yield Case("7.1.4", "close, then text", "1000, no echo", closed(close + frame(TEXT, HELLO)))
    halves = frame(TEXT, b"one", fin=False) + close + frame(CONTINUATION, b"two")
    yield Case("7.1.5", "fragment, close, fragment", "1000, no echo", closed(halves))
    play = _echo_and_close(pattern(TEXT, 256 * K), behind=ping())
    yield Case("7.1.6", "text of 256 KB, close, ping", "echo, 1000, no pong", play)
    yield Case(
        "7.3.1", "close without payload", "close without payload", closed(frame(CLOSE), 1005)
    )
    yield Case("7.3.2", "close with 1 byte", "1002", fails(frame(CLOSE, b"a")))
    yield Case("7.3.3", "close with a code", "1000", closed(close))
    yield Case("7.3.4", "close with a reason", "1000", closed(reason(HELLO)))
    yield Case("7.3.5", "close with a reason of 123 bytes", "1000", closed(reason(b"*" * 123)))
    yield Case("7.3.6", "close with a reason of 124 bytes", "1002", fails(reason(b"*" * 124)))
    invalid = reason("κόσμε".encode() + b"\xed\xa0\x80")
    yield Case("7.5.1", "close with a reason that is no UTF-8", "1007", fails(invalid, 1007))
    valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
    for i, code in enumerate(valid, 1):
        play = closed(frame(CLOSE, code.to_bytes(2, "big")), code)
        yield Case(f"7.7.{i}", f"close with {code}", str(code), play)
    invalid_codes = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]
    for number, codes in (("7.9", invalid_codes), ("7.13", [5000, 65535])):
        for i, code in enumerate(codes, 1):
            play = fails(frame(CLOSE, code.to_bytes(2, "big")))
            yield Case(f"{number}.{i}", f"close with {code}", "1002", play)


def _echo_and_close(text: bytes, behind: bytes = b"") -> Play:
    def play(wire: Wire) -> None:
        close = frame(CLOSE, (1000).to_bytes(2, "big"))
        sender = wire.send_beside([frame(TEXT, text), close + behind])
        assert wire.message() == (TEXT, text)
        assert wire.end() == (1000, b"")
        sender.join()

    return play


def _size(size: int) -> str:
    for unit, name in ((M, "MB"), (K, "KB")):
        if size >= unit:
            return f"{size // unit} {name}"
    return f"{size} bytes"


def long_messages() -> Iterator[Case]:
    """9: long messages, whole, in fragments and in small writes; many messages."""
    for group, opcode in ((1, TEXT), (2, BINARY)):
        for i, size in enumerate((64 * K, 256 * K, M, 4 * M, 8 * M, 16 * M), 1):
            play = _long(opcode, size, lambda data, op=opcode: iter([frame(op, data)]))
            yield Case(f"9.{group}.{i}", f"{NAMES[opcode]} of {_size(size)}", "echo", play)
    sizes = (64, 256, K, 4 * K, 16 * K, 64 * K, 256 * K, M, 4 * M)
    for group, opcode in ((3, TEXT), (4, BINARY)):
        for i, size in enumerate(sizes, 1):
            sent = f"{NAMES[opcode]} of 4 MB in fragments of {_size(size)}"
            play = _long(opcode, 4 * M, lambda data, op=opcode, n=size: in_fragments(op, data, n))
            yield Case(f"9.{group}.{i}", sent, "echo", play)
    for group, opcode in ((5, TEXT), (6, BINARY)):
        for i, size in enumerate((64, 128, 256, 512, K, 2 * K), 1):
            sent = f"{NAMES[opcode]} of 1 MB, {_size(size)} at a time"
            play = _long(opcode, M, lambda data, op=opcode, n=size: _chopped(frame(op, data), n))
            yield Case(f"9.{group}.{i}", sent, "echo", play)
    for group, opcode in ((7, TEXT), (8, BINARY)):
        for i, size in enumerate((0, 16, 64, 256, K, 4 * K), 1):
            sent = f"1000 times {NAMES[opcode]} of {_size(size)}, one after the other"
            yield Case(f"9.{group}.{i}", sent, "1000 echoes", _thousand(opcode, size))


def _long(opcode: int, size: int, pieces: Callable[[bytes], Iterator[bytes]]) -> Play:
    def play(wire: Wire) -> None:
        payload = pattern(opcode, size)
        echoed_in_pieces(opcode, payload, lambda: pieces(payload))(wire)

    return play


def _chopped(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def _thousand(opcode: int, size: int) -> Play:
    def play(wire: Wire) -> None:
        payload = pattern(opcode, size)
        data = frame(opcode, payload)
        for _ in range(1000):
            wire.send(data)
            assert wire.message() == (opcode, payload)
        wire.end_in_order()

    return play


def automatic_fragments() -> Iterator[Case]:
    """10: fragments as a library makes them."""
    text = pattern(TEXT, 65536)
    play = echoed_in_pieces(TEXT, text, lambda: in_fragments(TEXT, text, 1300))
    yield Case("10.1.1", "text of 65536 bytes in fragments of 1300", "echo", play)


SECTIONS = {
    "1. Framing": framing,
    "2. Pings and pongs": pings,
    "3. Reserved bits": reserved_bits,
    "4. Opcodes": opcodes,
    "5. Fragmentation": fragmentation,
    "6. UTF-8": utf8,
    "7. Closing": closing,
    "9. Limits and performance": long_messages,
    "10. Automatic fragmentation": automatic_fragments,
}
CASES = {title: list(cases()) for title, cases in SECTIONS.items()}
