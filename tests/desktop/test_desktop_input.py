# SPDX-License-Identifier: MIT
"""sys.stdin and input() read both from the terminal and from the network."""

from __future__ import annotations

import subprocess

import pytest


def feed(program, text: bytes) -> None:
    program.process.stdin.write(text)
    program.process.stdin.close()


def test_pipe_is_read_to_its_end(start) -> None:
    program = start(
        "-c", "import sys; print(sys.stdin.read(), sys.stdin.read())", stdin=subprocess.PIPE
    )
    feed(program, b"one\ntwo")
    assert program.status() == 0
    assert program.said == "one\ntwo \n"


def test_bytes_of_a_pipe_stay_as_they_are(start) -> None:
    program = start("-c", "import sys; print(sys.stdin.buffer.read())", stdin=subprocess.PIPE)
    feed(program, b"\r\n\xff\x00\x03")
    assert program.status() == 0
    assert program.said == "b'\\r\\n\\xff\\x00\\x03'\n"


def test_file_is_read_by_lines(start, tmp_path) -> None:
    (tmp_path / "lines").write_text("a\nb\n")
    with (tmp_path / "lines").open() as lines:
        program = start("-c", "import sys; print(list(sys.stdin))", stdin=lines)
    assert program.status() == 0
    assert program.said == "['a\\n', 'b\\n']\n"


def test_nothing_to_read_is_the_end(start) -> None:
    program = start("-c", "import sys; print(repr(sys.stdin.read()))")
    assert program.status() == 0
    assert program.said == "''\n"


def test_input_reads_a_pipe(start) -> None:
    program = start("-c", "print(input('? ').upper())", stdin=subprocess.PIPE)
    feed(program, b"abc\n")
    assert program.status() == 0
    assert "ABC" in program.said


def test_program_on_standard_input(start) -> None:
    program = start(stdin=subprocess.PIPE)
    feed(program, b"print(6*7)\nimport sys\nsys.exit(5)\n")
    assert program.status() == 5
    assert program.said == "42\n"


def test_lines_come_from_the_network(server, connect) -> None:
    terminal = connect(server)
    terminal.run("import sys")
    terminal.send("sys.stdin.readline()\r")
    terminal.expect("\n")
    terminal.send("hello\r")
    assert terminal.expect(">>> ") == "'hello\\n'\r\n>>> "


def test_bytes_come_from_the_network_as_they_are(server, connect) -> None:
    terminal = connect(server)
    terminal.run("import sys")
    terminal.send("sys.stdin.buffer.read(6)\r")
    terminal.expect("\n")
    terminal.send("a\r\n\x00\x04b")
    assert terminal.expect(">>> ") == "b'a\\r\\n\\x00\\x04b'\r\n>>> "


def test_poll_sees_input_from_the_network(server, connect) -> None:
    terminal = connect(server)
    terminal.run("import select, sys; p = select.poll(); p.register(sys.stdin, select.POLLIN)")
    assert terminal.run("p.poll(0)") == "[]\r\n"
    terminal.send("p.poll()[0][1] == select.POLLIN and sys.stdin.read(1)\r")
    terminal.expect("\n")
    terminal.send("x")
    assert terminal.expect(">>> ") == "'x'\r\n>>> "
    assert terminal.run("p.poll(0)") == "[]\r\n"


def test_asyncio_reads_from_the_network(server, connect) -> None:
    terminal = connect(server)
    terminal.enter_raw()
    terminal.send(
        "import asyncio, sys\n"
        "async def main():\n"
        "  print('ready')\n"
        "  print((await asyncio.StreamReader(sys.stdin).readline()).upper())\n"
        "asyncio.run(main())\n\x04"
    )
    terminal.expect("ready\r\n")
    terminal.send("shout\r")
    terminal.expect("SHOUT")


@pytest.mark.parametrize("read", ["input('? ')", "sys.stdin.read(1)", "sys.stdin.readline()"])
def test_ctrl_c_ends_reading(server, connect, read: str) -> None:
    terminal = connect(server)
    terminal.run("import sys")
    terminal.send(f"{read}\r")
    terminal.expect("\n")
    terminal.send("\x03")
    terminal.expect("KeyboardInterrupt")
    assert terminal.expect(">>> ")
    assert terminal.run("6*7") == "42\r\n"


def test_scheduled_callback_runs_at_the_prompt(server, connect) -> None:
    terminal = connect(server)
    terminal.enter_raw()
    code = (
        "import _thread, micropython, time\n"
        "def later():\n"
        "  time.sleep(0.2)\n"
        "  micropython.schedule(lambda _: print('sched' + 'uled'), None)\n"
        "_thread.start_new_thread(later, ())"
    )
    assert terminal.run_raw(code) == ("", "")
    terminal.expect("scheduled")
