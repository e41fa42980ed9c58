# SPDX-License-Identifier: MIT
"""What people have complained of for ten years, with MicroPython and the second edition.

Each test is named after its complaint. What needs no Python stands in tests/webrepl.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "webrepl"))

from firmware import Client  # noqa: E402
from second import EBUSY, OK, Second, holder  # noqa: E402

PASSWORD = "a long password, in fact"
BANNER = b"\r\nWebREPL connected\r\n>>> "


@pytest.fixture
def board(start_board, free_port: int):
    return start_board(f"""
import webrepl
webrepl.start(port={free_port}, password={PASSWORD!r})
print('PORT {free_port}')
""")


def enter(board) -> Second:
    client = Second(board.port)
    assert client.login(PASSWORD).code == OK
    return client


def hold(board) -> Second:
    client = enter(board)
    assert client.attach(credit=1 << 20).code == OK
    client.type(b"\r")
    client.output_until(b">>> ")
    return client


def start_busy(client: Second) -> None:
    client.type(b"print('be', 'gins')\rwhile True: pass\r\r")
    client.output_until(b"be gins\r\n")
    client.output_until(b"... ")


def test_a_busy_program_locks_people_out(board) -> None:
    start_busy(hold(board))
    client = enter(board)
    assert client.put("main.py", b"print(1)\n") == OK
    assert client.get("main.py") == (OK, b"print(1)\n")
    assert "main.py" in [entry.name for entry in client.list(".")[1]]
    assert client.attach(takeover=True).code == OK
    assert client.do("INTERRUPT").code == OK
    client.output_until(b"KeyboardInterrupt: \r\n>>> ")


def test_ctrl_c_comes_too_late_or_never(board) -> None:
    client = hold(board)
    for _ in range(100):
        client.type(b"while True: pass\r\r")
        client.output_until(b"... \r\n")
        assert client.do("INTERRUPT").code == OK
        client.output_until(b"KeyboardInterrupt: \r\n>>> ")


def test_nobody_says_who_is_connected(board) -> None:
    first, second = hold(board), enter(board)
    result = second.attach()
    assert result.code == EBUSY
    assert holder(result.value).address == "127.0.0.1"
    assert first.do("PING").code == OK


def test_large_pastes_are_cut(board) -> None:
    client = hold(board)
    lines = b"".join(b"x%d = %d\n" % (i, i) for i in range(5000))
    client.type(b"\x05" + lines + b"print('sum', x4999 + x0)\n\x04")
    client.output_until(b"sum 4999\r\n")


def test_output_that_is_no_text_ends_the_session(board) -> None:
    client = hold(board)
    client.type(b"import sys; n = sys.stdout.buffer.write(bytes(range(128, 256)))\r")
    client.output_until(bytes(range(128, 256)))


def test_raw_paste_is_impossible(board) -> None:
    client = hold(board)
    client.type(b"\x01")
    client.output_until(b"raw REPL; CTRL-B to exit\r\n>")
    client.type(b"\x05A\x01")
    assert client.read(2) == b"R\x01"
    window = int.from_bytes(client.read(2), "little")
    assert window > 0
    script = b"print('" + "größe ".encode() * 500 + b"')"
    left = 2 * window
    while script:
        piece, script = script[:left], script[left:]
        client.type(piece)
        left -= len(piece)
        while script and left <= 0:
            assert client.read(1) == b"\x01"
            left += window
    client.type(b"\x04")
    output = client.output_until(b"\x04\x04>")
    assert ("größe " * 500).encode() in output
    client.type(b"\x02")
    client.output_until(b">>> ")


def test_nothing_can_be_listed_renamed_or_removed(board) -> None:
    client = enter(board)
    assert client.do("MKDIR", path="lib").code == OK
    assert client.put("lib/a.py", b"a") == OK
    assert client.do("RENAME", path="lib/a.py", to="lib/b.py").code == OK
    assert [entry.name for entry in client.list("lib")[1]] == ["b.py"]
    assert client.do("REMOVE", path="lib/b.py").code == OK
    assert client.do("RMDIR", path="lib").code == OK


def test_a_transfer_hangs_without_an_error(board) -> None:
    client = enter(board)
    assert client.get("missing.py") == (2, b"")
    assert client.put("no/such/folder.py", b"x") == 2
    assert client.put("empty.py", b"") == OK
    assert client.get("empty.py") == (OK, b"")


def test_long_passwords_lock_people_out(board) -> None:
    classic = Client(board.port)
    assert classic.frame().payload == b"Password: "
    classic.send(PASSWORD + "\r")
    assert classic.frame().payload == BANNER
    assert enter(board).do("PING").code == OK


def test_a_bad_frame_ends_the_board(board) -> None:
    for data in (b"\x02\x80\0\0\0\0", b"\x80\xff" + b"\xff" * 12, b"\x83\x80\0\0\0\0", bytes(200)):
        with socket.create_connection(("127.0.0.1", board.port), timeout=30) as sock:
            handshake(sock, board.port)
            sock.sendall(data)
            while sock.recv(4096):
                pass
    assert enter(board).do("PING").code == OK
    assert board.is_running


def handshake(sock: socket.socket, port: int) -> None:
    from second import HANDSHAKE

    sock.sendall(HANDSHAKE.format(path="/", port=port).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += sock.recv(1)


def test_a_frame_for_each_character(board) -> None:
    client = hold(board)
    messages: list[Any] = []
    give, client.give_credit = client.give_credit, lambda m: (messages.append(m), give(m))
    client.type(b"print('x' * 2000)\r")
    client.output_until(b"x" * 2000 + b"\r\n>>> ")
    assert len([m for m in messages if m.id == 0 and b"xxxx" in m.body]) < 20
