# SPDX-License-Identifier: MIT
"""Programs run on the board as if they ran here: input, output, exit status."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .desktop import COMMAND, environment, webrepl


@pytest.fixture
def program(here: Path):
    """Writes a program; returns its name."""

    def write(text: str) -> str:
        (here / "program.py").write_text(text)
        return "program.py"

    return write


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("sys.exit(3)", 3),
        ("sys.exit()", 0),
        ("sys.exit(0)", 0),
        ("raise SystemExit(256 + 7)", 7),
        ("sys.exit('went wrong')", 1),
        ("1/0", 1),
        ("pass", 0),
    ],
)
def test_the_exit_status_is_that_of_the_program(
    command, program, ending: str, status: int
) -> None:
    done = command("run", program(f"import sys\nprint('begun')\n{ending}\n"))
    assert (done.status, done.out) == (status, "begun\r\n")
    assert ("went wrong" in done.error) == ("went wrong" in ending)


def test_the_session_goes_on_after_an_exit(command, program) -> None:
    done = command(
        "run", program("x = 42"), "+", "exec", "import sys; sys.exit(0)", "+", "eval", "x"
    )
    assert (done.status, done.out) == (0, "42\r\n")


def test_tracebacks_are_about_the_program(command, program) -> None:
    done = command("run", program("def f():\n    return 1/0\n\nf()\n"))
    assert done.error.splitlines() == [
        "Traceback (most recent call last):",
        '  File "program.py", line 4, in <module>',
        '  File "program.py", line 2, in f',
        "ZeroDivisionError: divide by zero",
    ]
    done = command("run", program("x = = 1\n"))
    assert done.error.splitlines()[-2:] == [
        '  File "program.py", line 1',
        "SyntaxError: invalid syntax",
    ]


def test_a_program_reads_the_input_to_its_end(command, program) -> None:
    code = "import sys\nwhile True:\n    try: print('read', input())\n    except EOFError: break\n"
    done = command("run", program(code), stdin=b"eins\nzwei\r\ndrei")
    assert done.status == 0, done
    assert [line for line in done.out.splitlines() if line.startswith("read")] == [
        "read eins",
        "read zwei",
        "read drei",
    ]


def test_input_that_is_not_read_is_not_run(board, command, program) -> None:
    data = b"open('pwned', 'w').close()\n" * 200
    code = "print(input())\n"
    done = command("run", program(code), "+", "eval", "6 * 7", stdin=data)
    assert done.status == 0, done
    assert done.out.endswith("42\r\n")
    assert list(board.directory.iterdir()) == []


def test_input_without_an_end_does_not_hang(command, program) -> None:
    done = command("run", program("print(input('? '))\n"))
    assert done.status == 1
    assert "EOFError" in done.error


def test_output_comes_while_the_program_runs(board, edition, program, here: Path) -> None:
    name = program("import time\nprint('first')\nprint(input())\n")
    process = subprocess.Popen(
        [*COMMAND, *edition, board.address, "run", name],
        cwd=here,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout.readline() == b"first\r\n"
        process.stdin.write(b"second\n")
        process.stdin.close()
        assert b"second" in process.stdout.read()
    assert process.returncode == 0


def test_a_person_answers_a_program(board, edition, program, here: Path, person) -> None:
    name = program("print('hello', input('name? '))\n")
    somebody = person(*edition, board.address, "run", name, cwd=here)
    somebody.expect(r"name\? ")
    somebody.type("Bob\r")
    assert "BBob" not in somebody.expect("hello Bob")
    assert somebody.status() == 0


def test_a_person_interrupts_a_program(board, edition, program, here: Path, person) -> None:
    somebody = person(
        *edition, board.address, "run", program("print('on')\nwhile 1: pass"), cwd=here
    )
    somebody.expect(r"on\s")
    somebody.type("\x03")
    assert somebody.status() == 130
    assert webrepl(*edition, board.address, "eval", "1").out == "1\r\n"


def test_a_large_program_is_run(command, program) -> None:
    text = "".join(f"x{number} = 'grün {number}'\n" for number in range(3000)) + "print(x2999)\n"
    assert command("run", program(text)).out == "grün 2999\r\n"


def test_it_is_the_main_program(command, program) -> None:
    assert command("run", program("print(__name__)")).out == "__main__\r\n"


def test_a_program_from_a_pipe(command) -> None:
    assert command("run", "-", stdin=b"import sys\nprint('x')\nsys.exit(4)\n").status == 4


def test_names_of_boards_come_before_their_lines(start_board, here: Path) -> None:
    boards = [start_board(), start_board()]
    addresses = ",".join(board.address for board in boards)
    code = "import time\nfor n in range(3): print(n, end=''); time.sleep(0.01); print('.')"
    for words, lines in ((["exec", code], ["0.", "1.", "2."]), (["eval", "6 * 7"], ["42"])):
        done = webrepl("-c", addresses, *words)
        assert done.status == 0, done
        assert sorted(done.out.split()) == sorted(
            word for board in boards for line in lines for word in (f"{board.address}:", line)
        )
        for board in boards:
            mine = [x for x in done.out.splitlines() if x.startswith(board.address)]
            assert [x.split()[1] for x in mine] == lines
