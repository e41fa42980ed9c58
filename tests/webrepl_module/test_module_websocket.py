# SPDX-License-Identifier: MIT
"""_webrepl.WebSocket: frames over a connection, whatever comes."""

from __future__ import annotations

import random

import pytest

from tests.support.websocket import frame

from .streams import PIPE

CLIENT = f"""{PIPE}
def client(*sent):
    pipe = Pipe(*sent)
    return pipe, _webrepl.WebSocket(pipe)
"""


@pytest.fixture
def result(evaluate):
    """Runs code on a WebSocket. Returns the last value that it prints."""
    return lambda code: eval(evaluate(CLIENT + code).splitlines()[-1])


def sent(*frames: tuple[int, bytes]) -> bytes:
    """What the server sends in answer to these frames."""
    return b"".join(frame(kind, data, masked=False) for kind, data in frames)


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("size", [0, 1, 125, 126, 600, 65536])
def test_messages_of_any_length(result, tmp_path, masked: bool, size: int) -> None:
    frames = frame(1, b"x" * size, masked=masked) + frame(1, b"!", masked=masked)
    (tmp_path / "frames").write_bytes(frames)
    code = """
pipe, ws = client(open('frames', 'rb').read())
got = b''
while not got.endswith(b'!'):
    got += ws.read(1000) or b''
show(len(got), set(got))
"""
    assert result(code) == (size + 1, {33, 120} if size else {33})


def test_bytes_one_by_one(result) -> None:
    frames = frame(1, b"hello") + frame(2, b"world")
    code = f"""
pipe, ws = client(*[bytes([byte]) for byte in {frames!r}])
got = b''
while pipe.sent:
    got += ws.read(99) or b''
show(got, ws.ioctl(8, 0))
"""
    assert result(code) == (b"helloworld", 2)


def test_fragments_are_of_the_kind_of_the_first(result) -> None:
    frames = frame(2, b"a", fin=False) + frame(9, b"?") + frame(0, b"b")
    code = f"pipe, ws = client({frames!r})\n"
    code += "show(ws.read(1), ws.read(1), ws.ioctl(8, 0), pipe.got)"
    assert result(code) == (b"a", b"b", 2, [(1, sent((10, b"?")))])


def test_a_close_frame_is_answered(result) -> None:
    code = f"pipe, ws = client({frame(8, (1001).to_bytes(2, 'big') + b'bye')!r}, b'rest')\n"
    code += "show(ws.read(1), ws.read(1), pipe.got)"
    assert result(code) == (b"", b"", [(1, sent((8, (1001).to_bytes(2, "big"))))])


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\xf1\x00", 1002),  # reserved bits
        (b"\x83\x00", 1002),  # an opcode that means nothing
        (b"\x80\x00", 1002),  # a continuation without a beginning
        (b"\x09\x00", 1002),  # a ping in fragments
        (b"\x89\x7e\x00\x7e", 1002),  # a ping that is too long
        (b"\x88\x01\x03", 1002),  # half a code
    ],
)
def test_an_invalid_frame_closes(result, frame: bytes, code: int) -> None:
    program = f"pipe, ws = client({frame!r})\nshow(ws.read(1), ws.read(1), pipe.got[-1][1])"
    assert result(program) == (b"", b"", sent((8, code.to_bytes(2, "big"))))


@pytest.mark.parametrize("seed", range(5))
def test_noise_ends_in_an_end(evaluate, tmp_path, seed: int) -> None:
    generator = random.Random(seed)
    for n in range(40):
        (tmp_path / f"noise{n}").write_bytes(generator.randbytes(generator.randrange(400)))
    output = evaluate(
        CLIENT
        + """
for n in range(40):
    pipe, ws = client(open('noise%d' % n, 'rb').read(), b'')
    while (got := ws.read(7)) != b'':
        pass
print('ALIVE')
"""
    )
    assert output.endswith("ALIVE\n")


@pytest.mark.parametrize("size", [1, 125, 126, 510, 511, 65535, 65536])
def test_a_message_is_one_frame(result, size: int) -> None:
    code = f"""
pipe, ws = client()
ws.write('x' * {size})
with open('out', 'wb') as file:
    for _, data in pipe.got:
        file.write(data)
show(open('out', 'rb').read() == HEAD + b'x' * {size})
"""
    head = sent((1, b"x" * size))[:-size]
    assert result(f"HEAD = {head!r}\n" + code) is True


def test_short_messages_leave_in_one_write(result) -> None:
    code = "pipe, ws = client()\nws.write('x' * 400)\nshow(len(pipe.got))"
    assert result(code) == 1


def test_binary_messages(result) -> None:
    code = "pipe, ws = client()\nshow(ws.ioctl(9, 2), ws.write(b'x'), ws.ioctl(9, 1), pipe.got)"
    assert result(code) == (1, 1, 2, [(1, sent((2, b"x")))])


def test_a_write_that_fails_in_the_middle_is_the_last(result) -> None:
    code = """
pipe, ws = client()
pipe.room = OSError(errno.ECONNRESET)
def attempt():
    try:
        return ws.write('x')
    except OSError as error:
        return error.errno == errno.ECONNRESET
first = attempt()
pipe.room = None
show(first, attempt(), pipe.got, ws.read(1))
"""
    assert result(code) == (True, True, [], b"")


def test_closing_says_that_the_client_may_come_back(result) -> None:
    code = "pipe, ws = client()\nws.close()\nshow(pipe.got, pipe.closed)"
    assert result(code) == ([(1, sent((8, (1012).to_bytes(2, "big"))))], 1)


def test_errors_of_the_connection_are_raised(result) -> None:
    code = """
pipe, ws = client(OSError(errno.ECONNRESET))
try:
    ws.read(1)
except OSError as error:
    show(error.errno == errno.ECONNRESET, ws.read(1))
"""
    assert result(code) == (True, b"")
