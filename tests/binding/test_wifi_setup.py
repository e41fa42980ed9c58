# SPDX-License-Identifier: MIT
"""wifi_setup() on a board without a radio: what a phone sees, and what the board does then."""

from __future__ import annotations

import json
import re
import socket
import struct
from pathlib import Path

import httpx
import pytest

from tests.support.board import provide
from tests.support.program import Program, Run
from tests.support.waiting import PATIENCE, eventually

PASSWORD = "correct horse"
HOSTILE = {
    b"Home": b"Home",
    b"<script>alert(1)</script>": b"&lt;script&gt;alert(1)&lt;/script&gt;",
    b"\"'><img src=x onerror=": b"&quot;&#x27;&gt;&lt;img src=x onerror=",
    b"\xff\xfe<b>": b"\\xff\\xfe&lt;b&gt;",
    "Café über 32".encode(): "Café über 32".encode(),
    b"line\nbreak\x7f": "line\ufffdbreak\ufffd".encode(),
    b"{message} %s \\x41 {0}": b"{message} %s \\x41 {0}",
    b"3" * 32: b"3" * 32,
}

PROGRAM = """
import uhttpd, uhttpd_wifi
uhttpd_wifi.DNS_PORT = {dns}
uhttpd_wifi.STEP_MS, uhttpd_wifi.REFUSAL, uhttpd_wifi.RETRY = 20, 0, {retry}
station = uhttpd.wifi_setup(port=0, file='wifi.json', timeout=2, {arguments})
print('JOINED', station.isconnected(), station.wanted[0])
"""


def udp_port() -> int:
    """A UDP port that nobody uses."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Board:
    """A program that sets up its Wi-Fi, in air that tests change."""

    def __init__(self, run: Run, folder: Path) -> None:
        """Provides the module network. All the hostile names are there."""
        self.run, self.folder, self.dns = run, folder, udp_port()
        provide(folder, "network")
        self.air(*([name, PASSWORD] for name in HOSTILE))
        self.said = ""

    def air(self, *networks: list[object]) -> None:
        """Says which networks there are."""
        items = [
            [name.hex(), -40 - number, 3 if password else 0, password]
            for number, (name, password) in enumerate(networks)
        ]
        (self.folder / "air.new").write_text(json.dumps(items))
        (self.folder / "air.new").replace(self.folder / "air.json")

    def start(self, arguments: str = "", retry: int = 60) -> Program:
        """Starts the program."""
        return self.run(PROGRAM.format(dns=self.dns, retry=retry, arguments=arguments))

    def portal(self, arguments: str = "", retry: int = 60) -> tuple[Program, httpx.Client]:
        """Starts the program, and a phone that has joined the board's network."""
        program = self.start(arguments, retry)
        self.said = program.expect(r"to set this up\.")
        found = re.search(r"open (http://\S+/)", self.said)
        assert found
        phone = httpx.Client(base_url=found[1], timeout=PATIENCE)
        eventually(lambda: "refresh" not in phone.get("/").text)
        return program, phone


@pytest.fixture
def board(run: Run, tmp_path: Path) -> Board:
    return Board(run, tmp_path)


def message(phone: httpx.Client) -> str:
    """What the page says, once it says it for good."""
    pages: list[str] = []

    def settles() -> bool:
        pages.append(phone.get("/").text)
        return "refresh" not in pages[-1]

    eventually(
        settles
    )  # once all is well, it is there for no longer than somebody needs to see it
    found = re.search(r'role="status">(.*?)</p>', pages[-1])
    assert found
    return found[1]


def choose(phone: httpx.Client, name: bytes, password: str) -> str:
    """Fills in the form, and returns what the page says in the end."""
    answer = phone.post("/", data={"network": name.hex(), "name": "", "password": password})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    return message(phone)


def test_a_phone_sets_up_the_wifi(board: Board) -> None:
    program, phone = board.portal("ssid='my board', password='not a secret'")
    page = phone.get("/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert choose(phone, b"Home", "wrong horse") == "No connection to Home: the password is wrong."
    assert "<form" in phone.get("/").text
    assert "has joined Home. Its address there is 10.0.0.7." in choose(phone, b"Home", PASSWORD)
    output = board.said + program.finish()
    assert "join my board and open" in output and "JOINED True b'Home'" in output
    assert "AP ['key', 'security', 'ssid']" in output and "AP off" in output
    assert "horse" not in output
    again = board.start().finish()
    assert "JOINED True" in again and "open http" not in again


def test_any_page_that_a_phone_asks_for_leads_to_the_form(board: Board) -> None:
    _, phone = board.portal()
    own = str(phone.base_url)
    for path in ("/generate_204", "/hotspot-detect.html", "/connecttest.txt", "/a/b?c"):
        answer = phone.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, own)
    elsewhere = phone.get("/", headers={"Host": "captive.apple.com"})
    assert (elsewhere.status_code, elsewhere.headers["Location"]) == (302, own)
    forged = phone.post("/", data={"name": "x"}, headers={"Origin": "http://elsewhere.example"})
    assert forged.status_code == 403


def test_names_of_networks_are_text_and_nothing_else(board: Board) -> None:
    _, phone = board.portal("title='<b>Me</b>'")
    page = phone.get("/").content
    options = re.findall(rb'<option value="([0-9a-f]+)">(.*?)</option>', page)
    assert {bytes.fromhex(value.decode()): shown for value, shown in options} == HOSTILE
    assert b"<h1>&lt;b&gt;Me&lt;/b&gt;</h1>" in page and b"<script" not in page
    for name, shown in HOSTILE.items():
        assert choose(phone, name, "a wrong one") == (
            f"No connection to {shown.decode()}: the password is wrong."
        )
        assert "a wrong one" not in phone.get("/").text


def test_what_is_no_network_is_refused(board: Board) -> None:
    _, phone = board.portal()
    long_name = "The name of a network has 1 to 32 bytes."
    assert choose(phone, b"", PASSWORD) == long_name
    assert choose(phone, b"x" * 33, PASSWORD) == long_name
    assert choose(phone, b"x\0", PASSWORD) == long_name
    assert "8 to 63 characters" in choose(phone, b"Home", "seven77")
    assert "8 to 63 characters" in choose(phone, b"Home", "x" * 65)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"network=xyz", b"network=abc", b"network=%4"):
        assert phone.post("/", content=body, headers=form).status_code == 400
    assert phone.post("/", content=b"network=61").status_code == 415
    assert phone.post("/", content=b"x" * 2000, headers=form).status_code == 413
    phone.post("/", data={"name": "Hidden one", "password": PASSWORD})
    assert message(phone) == "No connection to Hidden one: the network is not in reach."


def test_an_open_network_that_came_later_is_joined(board: Board) -> None:
    program, phone = board.portal()
    board.air([b"Fair", ""])
    assert phone.post("/scan").status_code == 303
    message(phone)
    assert "Fair (open)" in phone.get("/").text
    assert "has joined Fair" in choose(phone, b"Fair", "")
    assert "JOINED True b'Fair'" in program.finish()


def test_a_network_that_cannot_be_joined_brings_the_page_back(board: Board) -> None:
    stored = {"ssid": b"Home".hex(), "password": PASSWORD}
    (board.folder / "wifi.json").write_text(json.dumps(stored))
    board.air([b"Other", ""])
    _, phone = board.portal()
    assert message(phone) == "No connection to Home: the network is not in reach. Choose again:"
    board.dns = udp_port()
    program = board.start(retry=0)  # nobody looks at the page
    program.expect("to set this up")
    board.air([b"Home", PASSWORD])
    assert "JOINED True b'Home'" in program.finish()


@pytest.mark.parametrize("stored", ["", "[]", "{}", '{"ssid": "x", "password": 1}', "\ufeff{"])
def test_a_file_that_is_broken_is_no_network(board: Board, stored: str) -> None:
    (board.folder / "wifi.json").write_text(stored)
    _, phone = board.portal()
    assert "Which Wi-Fi" in message(phone)


# DNS


def question(name: bytes = b"\x07example\x03com\0", kind: int = 1, flags: int = 0x0100) -> bytes:
    """A question as a phone asks it."""
    return struct.pack("!6H", 0x1234, flags, 1, 0, 0, 0) + name + struct.pack("!2H", kind, 1)


MALFORMED = [
    b"",
    b"\0" * 11,
    question()[:-1],
    question()[:-5],
    question(b"\x3fexample\0"),
    question(b"\xc0\x0c"),
    question(b"\x40" + b"a" * 64 + b"\0"),
    question(b"\x3f" + b"a" * 63 + (b"\x3f" + b"a" * 63) * 3 + b"\x01a\0"),
    question(flags=0x8100),
    question(flags=0x2800),
    question()[:4] + b"\0\2" + question()[6:],
    question()[:4] + b"\0\0" + question()[6:],
    question() + b"x" * 600,
]


def ask(board: Board, packet: bytes) -> bytes:
    """The answer to a packet; to malformed ones there is none, and the next one counts."""
    with socket.socket(type=socket.SOCK_DGRAM) as phone:
        phone.settimeout(PATIENCE)
        phone.sendto(packet, ("127.0.0.1", board.dns))
        return phone.recv(600)


def test_every_name_has_the_address_of_the_board(board: Board) -> None:
    board.portal()
    answer = ask(board, question())
    assert answer[:12] == struct.pack("!6H", 0x1234, 0x8580, 1, 1, 0, 0)
    assert answer[12:] == question()[12:] + bytes.fromhex("c00c00010001000000000004") + bytes(
        [127, 0, 0, 1]
    )
    assert ask(board, question(b"\0", 255))[6:8] == b"\0\1"
    for kind in (28, 15, 65):  # there is none: the phone goes on with IPv4
        other = ask(board, question(kind=kind))
        assert (
            other[3] == 0x80 and other[6:8] == b"\0\0" and other[12:] == question(kind=kind)[12:]
        )
    with_edns = question()[:10] + b"\0\1" + question()[12:] + b"\0\0\x29\x04\xd0\0\0\0\0\0\0"
    assert ask(board, with_edns) == answer
    with socket.socket(type=socket.SOCK_DGRAM) as phone:
        phone.settimeout(PATIENCE)
        for packet in [*MALFORMED, question(b"\x04last\0")]:
            phone.sendto(packet, ("127.0.0.1", board.dns))
        assert phone.recv(600)[12:18] == b"\x04last\0"


def test_wrong_arguments_name_themselves(board: Board) -> None:
    program = board.run("""
import uhttpd
def attempt(*args, **kwargs):
    try:
        uhttpd.wifi_setup(*args, **kwargs)
    except (TypeError, ValueError) as error:
        print(error)
attempt(b'x')
attempt(file=None)
attempt('')
attempt('x' * 33)
attempt(password='short')
attempt(port=-1)
attempt(timeout=0)
""")
    assert [line.split()[0] for line in program.finish().splitlines()] == [
        *("ssid", "file", "ssid", "ssid", "password", "port", "timeout")
    ]
