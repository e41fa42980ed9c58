# SPDX-License-Identifier: MIT
"""_webrepl._webrepl: login, terminal and files over any stream."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .streams import PIPE

LOGGED_IN = "pipe, session = session(b'secret\\r')\nassert session.read(9) is None\n"
CONNECTED = (1, b"\r\nWebREPL connected\r\n>>> ")


@pytest.fixture
def result(evaluate):
    """Runs code on the streams of `streams.py`. Returns the last value that it prints."""
    return lambda code: eval(evaluate(PIPE + code).splitlines()[-1])


def test_it_asks_for_the_password_at_once(result) -> None:
    assert result("pipe, _ = session()\nshow(pipe.got)") == [(1, b"Password: ")]


def test_input_comes_in_order_and_once(result) -> None:
    code = "pipe, session = session(b'secret\\rab', b'cd', b'e')\n"
    code += "show([session.read(1) for _ in range(7)])"
    assert result(code) == [b"a", b"b", b"c", b"d", b"e", None, None]


def test_passwords_may_come_in_binary_frames_and_any_pieces(result) -> None:
    code = "pipe, session = session((2, b's'), b'ecre', (2, b't\\r'), b'x')\n"
    assert result(code + "show(session.read(1))") == b"x"


@pytest.mark.parametrize("size", [1, 9, 10, 64, 1000, 100_000])
def test_passwords_of_any_length(result, size: int) -> None:
    code = f"_webrepl.password('p' * {size})\npipe = Pipe(b'p' * {size} + b'\\r', b'x')\n"
    assert result(code + "show(_webrepl._webrepl(pipe).read(1))") == b"x"


@pytest.mark.parametrize("wrong", ["", "secre", "secret1", "SECRET", "secret\\0", "x" * 70_000])
def test_wrong_passwords_end_the_session(result, wrong: str) -> None:
    code = f"""
import time
pipe, session = session(b'{wrong}\\r', b'x')
while session.read(1) is None:
    time.sleep_ms(10)
show(pipe.got[-1], session.read(1), session.read(1), pipe.sent)
"""
    assert result(code) == ((1, b"\r\nAccess denied\r\n"), b"", b"", [b"x"])


def test_without_a_password_nobody_gets_in(result) -> None:
    code = """
import time
_webrepl.password(None)
session = _webrepl._webrepl(Pipe(b'\\r', b'x'))
while (got := session.read(1)) is None:
    time.sleep_ms(10)
show(got)
"""
    assert result(code) == b""


def test_guessing_is_slow_through_all_sessions(result) -> None:
    code = """
import time
def denied(count):
    begun = time.ticks_ms()
    for _ in range(count):
        _, wrong = session(b'wrong\\r')
        while wrong.read(1) is None:
            time.sleep_ms(5)
    return time.ticks_diff(time.ticks_ms(), begun)
first, more = denied(1), denied(2)
pipe, right = session(b'secret\\r', b'x')
show(first >= 500, more >= 3000, right.read(1))
"""
    assert result(code) == (True, True, b"x")


def test_output_before_the_login_is_thrown_away(result) -> None:
    code = "pipe, session = session()\nshow(session.write('hidden'), pipe.got)"
    assert result(code) == (6, [(1, b"Password: ")])


def test_all_output_goes_out(result) -> None:
    code = LOGGED_IN + "text = 'x' * 5000\nn = session.write(text)\n"
    code += "show(n, sum(len(data) for _, data in pipe.got[2:]))"
    assert result(code) == (5000, 5000)


@pytest.mark.parametrize("room", [1, 7, 300])
def test_a_stream_that_takes_little_gets_all(result, room: int) -> None:
    code = LOGGED_IN + f"pipe.room = {room}\nsession.write('y' * 1500)\n"
    code += "show(b''.join(data for _, data in pipe.got[2:]) == b'y' * 1500)"
    assert result(code) is True


def test_a_client_that_takes_nothing_cannot_hold_python(result) -> None:
    code = """
pipe.room = 0
for _ in range(100):
    session.write('x' * 10000)
show(session.read(1))
"""
    assert result(LOGGED_IN + code) == b""


def test_reading_asks_the_stream_once(result) -> None:
    code = LOGGED_IN + "before = pipe.reads\nsession.read(1)\nshow(pipe.reads - before)"
    assert result(code) == 1


def test_characters_are_not_split_and_other_bytes_replaced(result) -> None:
    code = LOGGED_IN + "for byte in b'\\xe2\\x82\\xac\\xff!':\n    session.write(bytes([byte]))\n"
    code += "show([data for _, data in pipe.got[2:]])"
    assert [data.decode() for data in result(code)] == ["€", "\N{REPLACEMENT CHARACTER}", "!"]


# A stream that fails


FAILURES = ["OSError(errno.ECONNRESET)", "OSError(5)", "ValueError('no')", "RuntimeError()", "b''"]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_read_that_fails_ends_the_session_once_and_for_all(result, failure: str) -> None:
    code = "pipe.sent = [%s, b'more']\nshow([session.read(1) for _ in range(3)], pipe.sent)"
    assert result(LOGGED_IN + code % failure) == ([b""] * 3, [b"more"])


@pytest.mark.parametrize("failure", FAILURES[:-1])
def test_a_write_that_fails_does_too(result, failure: str) -> None:
    code = f"pipe.room = {failure}\nshow(session.write('x'), session.write('y'), session.read(1))"
    assert result(LOGGED_IN + code) == (1, 1, b"")


def test_a_keyboard_interrupt_within_a_stream_is_not_lost(result) -> None:
    code = """
class Stopping(Pipe):
    def readinto(self, buffer):
        raise KeyboardInterrupt
try:
    _webrepl._webrepl(Stopping()).read(1)
    for _ in range(1000): pass
    show(False)
except KeyboardInterrupt:
    show(True)
"""
    assert result(code) is True


def test_a_keyboard_interrupt_within_a_file_system_is_not_lost(result) -> None:
    code = """
import vfs
class Disk:
    def mount(self, readonly, mkfs):
        pass
    def stat(self, path):
        raise KeyboardInterrupt
vfs.mount(Disk(), '/disk')
pipe.sent = [header(2, b'/disk/file')]
try:
    session.read(1)
    for _ in range(1000): pass
    show(False)
except KeyboardInterrupt:
    show(True)
"""
    assert result(LOGGED_IN + code) is True


def test_dupterm_gives_a_broken_stream_up_and_says_so_once(evaluate) -> None:
    code = """
import os
os.dupterm(session)
pipe.sent = [OSError(errno.ECONNRESET)]
def typed():
    try:
        input()
    except EOFError:
        pass
import _thread, time
_thread.start_new_thread(typed, ())
while pipe.closed == 0:
    time.sleep_ms(10)
print('CLOSED', pipe.closed, os.dupterm(None))
"""
    output = evaluate(PIPE + LOGGED_IN + code)
    assert output.count("dupterm: ") == 1
    assert "CLOSED 1 None" in output


# Several sessions


def test_sessions_do_not_disturb_each_other(result) -> None:
    code = """
_webrepl.password('secret')
pipes = [Pipe(b'secret\\r') for _ in range(3)]
sessions = [_webrepl._webrepl(pipe) for pipe in pipes]
for n, pipe in enumerate(pipes):
    assert sessions[n].read(1) is None
    pipe.sent.append(header(1, b'file%d' % n, 4))
    assert sessions[n].read(1) is None
for n, pipe in enumerate(pipes):
    pipe.sent += [(2, b'%d' % n * 4), b'typed %d' % n]
show([session.read(9) for session in sessions], [open('file%d' % n).read() for n in range(3)])
"""
    assert result(code) == ([b"typed 0", b"typed 1", b"typed 2"], ["0000", "1111", "2222"])


def test_a_password_holds_for_sessions_that_begin_later(result) -> None:
    code = """
_webrepl.password('first')
pipe = Pipe(b'first\\r', b'x')
session = _webrepl._webrepl(pipe)
_webrepl.password('second')
show(session.read(1), _webrepl._webrepl(Pipe(b'second\\r', b'y')).read(1))
"""
    assert result(code) == (b"x", b"y")


def test_two_threads_in_one_session(result) -> None:
    code = """
import _thread, time
done = []
def printing(n):
    for _ in range(200):
        session.write('%d' % n * 50)
    done.append(n)
for n in range(4):
    _thread.start_new_thread(printing, (n,))
while len(done) < 4:
    session.read(1)
show(sum(len(data) for _, data in pipe.got[2:]))
"""
    assert result(LOGGED_IN + code) == 4 * 200 * 50


# Files


def test_the_version(result) -> None:
    code = LOGGED_IN + "pipe.sent = [header(3)]\nsession.read(1)\nshow(pipe.got[-1])"
    kind, version = result(code)
    assert (kind, len(version), version[0]) == (2, 3, 1)


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 5000])
def test_a_file_is_stored_and_fetched(result, tmp_path: Path, size: int) -> None:
    contents = os.urandom(size)
    (tmp_path / "source").write_bytes(contents)
    code = f"""
data = open('source', 'rb').read()
pipe.sent = [header(1, b'target', {size})] + ([(2, data)] if data else []) + [b'typed']
show(session.read(5))
pipe.sent = [header(2, b'target')]
session.read(1)
fetched = b''
del pipe.got[:-1]
while True:
    pipe.sent = [(2, b'\\0')]
    session.read(1)
    block = pipe.got[1][1]
    fetched += block[2:]
    if len(block) == 2:
        break
    del pipe.got[1:]
show([fetched == data, pipe.got])
"""
    same, replies = result(LOGGED_IN + code)
    assert same
    assert replies == [(2, b"WB\0\0"), (2, b"\0\0"), (2, b"WB\0\0")]
    assert (tmp_path / "target").read_bytes() == contents


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("header(2, b'missing')", 2),
        ("header(1, b'no/such/folder', 1)", 2),
        ("header(9, b'x')", 38),
        ("header(2, b'')", 22),
    ],
)
def test_errors_have_their_code(result, request_: str, code: int) -> None:
    shown = result(LOGGED_IN + f"pipe.sent = [{request_}]\nsession.read(1)\nshow(pipe.got[-1])")
    assert shown == (2, b"WB" + code.to_bytes(2, "little"))


@pytest.mark.parametrize("end", ["session.close()", "pipe.sent = [b'']; session.read(1)"])
def test_an_upload_that_is_not_over_leaves_the_old_file(
    evaluate, tmp_path: Path, end: str
) -> None:
    (tmp_path / "target").write_text("old")
    code = "pipe.sent = [header(1, b'target', 100), (2, b'half')]\nsession.read(1)\n"
    evaluate(PIPE + LOGGED_IN + code + end)
    assert (tmp_path / "target").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".py"] == ["target"]


# As a stream


def test_closing_closes_the_stream_below(result) -> None:
    code = LOGGED_IN + "session.close()\nshow(pipe.closed, session.read(1), session.write('x'))"
    assert result(code) == (1, b"", 1)


def test_it_can_be_polled(result) -> None:
    code = """
import select
poller = select.poll()
poller.register(session, select.POLLIN)
before = poller.poll(0)
pipe.sent = [b'ab']
session.read(1)
show(len(before), len(poller.poll(0)), session.read(1), len(poller.poll(0)))
"""
    assert result(LOGGED_IN + code) == (0, 1, b"b", 0)


def test_objects_that_are_dropped_leave_nothing(result) -> None:
    code = """
import gc
_webrepl.password('secret')
for n in range(300):
    pipe = Pipe(b'secret\\r', header(1, b'dropped', 10), (2, b'half'))
    _webrepl._webrepl(pipe).read(1)
gc.collect()
pipe, session = session(b'secret\\r', header(1, b'whole', 2), (2, b'ok'))
session.read(1)
show(open('whole').read())
"""
    assert result(code) == "ok"


def test_a_stream_without_kinds_carries_the_terminal(result) -> None:
    code = """
class Plain(Pipe):
    def ioctl(self, request, argument):
        raise OSError(errno.EINVAL)
_webrepl.password('secret')
show(_webrepl._webrepl(Plain(b'secret\\r', b'x')).read(1))
"""
    assert result(code) == b"x"


@pytest.mark.parametrize("wrapped", ["_webrepl.WebSocket(pipe)", "websocket.websocket(pipe)"])
def test_both_kinds_of_websocket_can_be_wrapped(result, wrapped: str) -> None:
    code = f"""
import websocket
def frame(kind, data):
    return bytes([0x80 | kind, len(data)]) + data
_webrepl.password('secret')
pipe = Pipe(frame(1, b'secret\\r'), frame(2, header(3)[1]), frame(1, b'x'))
session = _webrepl._webrepl({wrapped})
while (got := session.read(1)) is None:
    pass
show(got, [data for _, data in pipe.got])
"""
    got, sent = result(code)
    assert got == b"x"
    stream = b"".join(sent)
    assert stream.startswith(b"\x81\x0aPassword: \x81\x19" + CONNECTED[1] + b"\x82\x03\x01")
