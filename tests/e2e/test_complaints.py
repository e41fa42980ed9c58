# SPDX-License-Identifier: MIT
"""Old complaints about WebREPL, tested with MicroPython and the second edition.

Each test is named after a complaint. Those that need no Python are in tests/webrepl.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import webrepl
import webrepl_client
from playwright.sync_api import Browser

from tests.support.paths import CLIENT_SOURCE
from tests.support.proxy import LockStepProxy
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE
from tests.support.websocket import CLOSE, WebSocket
from tests.webrepl.firmware import FrameClient, upgrade
from tests.webrepl.second import EBUSY, OFFER, OK, Second, holder

from .pages import login as log_in
from .pages import open_files, shows, state

PASSWORD = "a long password, in fact"
RESTART = (1012).to_bytes(2, "big")
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


def hold_classic(board) -> FrameClient:
    client = FrameClient(board.port)
    assert client.frame().payload == b"Password: "
    client.say(PASSWORD + "\r")
    assert client.frame().payload == BANNER
    return client


@pytest.mark.parametrize("hold", [hold, hold_classic])
def test_a_reset_loses_clients(board, hold) -> None:
    """Clients get the reason, and the port is back when the program is."""
    for _ in range(3):
        client = hold(board)
        if isinstance(client, Second):
            client.type(b"\x04")
        else:
            client.say("\x04")
        while (frame := client.frame()).opcode != CLOSE:
            pass
        assert frame.payload[:2] == RESTART
        board.expect(r"PORT \d+\s")


def test_a_reset_loses_the_page(board, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"http://{board.host}/")
    log_in(page, PASSWORD)
    page.keyboard.type("print('be' 'fore')\r")
    shows(page, "\nbefore")
    page.keyboard.press("Control+d")
    board.expect(r"PORT \d+\s")
    state(page, "connected")
    page.keyboard.type("print('be' 'hind')\r")
    shows(page, "\nbehind")
    page.close()


def test_the_page_needs_the_internet(board, browser: Browser) -> None:
    """Only the board can be reached, and the page requests nothing else."""
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    context.route(
        lambda url: not url.startswith(f"http://{board.host}/"), lambda route: route.abort()
    )
    page.goto(f"http://{board.host}/")
    log_in(page, PASSWORD)
    page.keyboard.type("print(6*7)\r")
    shows(page, "\n42")
    open_files(page)
    ours = (f"http://{board.host}/", "data:", "blob:")
    assert asked and all(url.startswith(ours) for url in asked), asked
    context.close()


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


@pytest.fixture
def proxy(board):
    """The board behind a slow connection."""
    proxy = LockStepProxy(board.port)
    yield proxy
    proxy.close()


def test_a_transfer_waits_for_every_256_bytes(board, proxy: LockStepProxy) -> None:
    contents = os.urandom(32 * 1024)
    (board.directory / "bulk").write_bytes(contents)

    blocks = len(contents) // 256
    old = webrepl.Webrepl(host="127.0.0.1", port=proxy.port, password=PASSWORD)
    before = proxy.round_trips
    assert old.get_file_content("bulk") == contents
    assert (proxy.round_trips - before) * 3 < blocks
    old.disconnect()
    with webrepl_client.connect(f"ws://127.0.0.1:{proxy.port}/", PASSWORD) as client:
        before = proxy.round_trips
        assert client.read_bytes("bulk") == contents
        assert (proxy.round_trips - before) * 10 < blocks


@pytest.mark.parametrize("way", ["tcp", "pty"])
def test_mpremote_has_no_network(board, tmp_path: Path, way: str) -> None:
    """Unchanged mpremote from PyPI works through the bridge."""
    command = [sys.executable, "-m", "webrepl_client", "-c", f"ws://{board.host}/", "bridge"]
    command += ["--tcp", "0"] if way == "tcp" else ["--pty", str(tmp_path / "serial")]
    environment = {**os.environ, "PYTHONPATH": str(CLIENT_SOURCE), "WEBREPL_PASSWORD": PASSWORD}
    bridge = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    device = bridge.stdout.readline().decode().strip()
    (tmp_path / "hello.py").write_text("print('hello', 6 * 7)")
    assert "42" in mpremote(device, "resume", "eval", "6*7")
    assert "hello 42" in mpremote(device, "resume", "run", str(tmp_path / "hello.py"))
    mpremote(device, "resume", "fs", "cp", str(tmp_path / "hello.py"), ":hello.py")
    assert "hello.py" in mpremote(device, "resume", "fs", "ls", ":")
    assert (board.directory / "hello.py").read_bytes() == (tmp_path / "hello.py").read_bytes()
    bridge.send_signal(signal.SIGTERM)
    bridge.wait(PATIENCE)
    bridge.stdout.close()


def mpremote(device: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mpremote", "connect", device, *words],
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE,
    )
    assert done.returncode == 0, done
    return done.stdout


def test_long_passwords_lock_people_out(board) -> None:
    hold_classic(board)
    assert enter(board).do("PING").code == OK


def test_a_bad_frame_ends_the_board(board) -> None:
    for data in (b"\x02\x80\0\0\0\0", b"\x80\xff" + b"\xff" * 12, b"\x83\x80\0\0\0\0", bytes(200)):
        with WebSocket(board.port) as client:
            client.shake_hands(upgrade(board.port, **OFFER))
            client.send(data)
            client.read_to_end()
    assert enter(board).do("PING").code == OK
    assert board.is_running


def test_a_frame_for_each_character(board) -> None:
    client = hold(board)
    messages: list[Any] = []
    give, client.give_credit = client.give_credit, lambda m: (messages.append(m), give(m))
    client.type(b"print('x' * 2000)\r")
    client.output_until(b"x" * 2000 + b"\r\n>>> ")
    assert len([m for m in messages if m.id == 0 and b"xxxx" in m.body]) < 20


WALK = """
def walk(p):
 for n in os.listdir(p if p else '.'):
  fn=p+'/'+n if p else n
  s=os.stat(fn)
  if s[0] & 0x4000 == 0:
   print('f|'+fn+'|'+str(s[6]))
  elif n not in ('.','..'):
   print('d|'+fn+'|'+str(s[6]))
   walk(fn)
walk('')
"""


def test_a_list_of_files_never_ends(board) -> None:
    """Uploads as ViperIDE does: by a script in raw mode, 512 bytes at a time without a pause."""
    for number in range(300):
        folder = board.directory / f"folder{number % 3}"
        folder.mkdir(exist_ok=True)
        (folder / f"file{number}").write_bytes(bytes(number))
    with Terminal(f"ws://{board.host}/") as terminal:
        terminal.send("")
        terminal.login(PASSWORD)
        for _ in range(5):
            write(terminal, "\r\x03\x03")
            write(terminal, "\r\x01")
            terminal.expect("raw REPL; CTRL-B to exit\r\n")
            execute(terminal, "import sys,os")
            listed = execute(terminal, WALK + "#" * 1000)
            write(terminal, "\x02")
            terminal.expect(">\r\n")
            terminal.expect(">>> ")
            files = dict(
                line.split("|")[1:] for line in listed.splitlines() if line.startswith("f|folder")
            )
            assert files == {f"folder{n % 3}/file{n}": str(n) for n in range(300)}


def write(terminal: Terminal, text: str) -> None:
    for at in range(0, len(text), 512):
        terminal.send(text[at : at + 512])


def execute(terminal: Terminal, code: str) -> str:
    terminal.expect(">")
    write(terminal, code)
    write(terminal, "\x04")
    assert terminal.expect("OK") == "OK"
    output = terminal.expect("\x04")[:-1]
    assert terminal.expect("\x04")[:-1] == ""
    return output
