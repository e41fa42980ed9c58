# SPDX-License-Identifier: MIT
"""The terminal of the second edition: raw bytes, credit, keys that overtake, watchers."""

from __future__ import annotations

import struct

import pytest

from .firmware import Firmware
from .second import EAGAIN, EBUSY, EINVAL, EPERM, OK, enter, hold

RESTART = 1012


def checksum(data: bytes) -> bytes:
    """What `sink` writes."""
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return b"%08x\r\n" % value


def test_bytes_that_are_not_utf8_arrive_as_they_are(firmware: Firmware) -> None:
    client = hold(firmware)
    client.type(b"bytes 0080ff0dc3e28241f09f\r")
    assert b"\x00\x80\xff\x0d\xc3\xe2\x82\x41\xf0\x9f>>> " in client.output_until(b">>> ")


def test_all_bytes_are_read_as_they_are(firmware: Firmware) -> None:
    client = hold(firmware)
    data = bytes(byte for byte in range(256) if byte != 3) * 40
    client.type(b"sink %d\r" % len(data) + data)
    client.output_until(b"\r\n" + checksum(data))


def test_a_paste_of_a_megabyte_without_a_pause(firmware: Firmware) -> None:
    client = hold(firmware)
    data = b"x = 'no pause anywhere'\r\n" * 42_000
    client.type(b"sink %d\r" % len(data) + data)
    client.output_until(checksum(data))


def test_input_credit_is_the_free_room(firmware: Firmware) -> None:
    firmware.command("hold")
    client = hold(firmware)
    assert client.credit[0] == 512
    client.type(b"x" * 512)
    assert client.do("PING").code == OK
    assert client.credit[0] == 0
    assert firmware.available == 512
    firmware.command("go")
    client.type(b"\r" + b"y" * 512 + b"\rprint z\r")
    client.output_until(b"\r\nz\r\n>>> ")


def test_output_stops_without_credit_and_nothing_else_does(firmware: Firmware) -> None:
    client = enter(firmware)
    (firmware.folder / "f").write_bytes(b"contents")
    assert client.attach(credit=10).code == OK
    client.give_credit = lambda message: None  # type: ignore[method-assign]
    client.type(b"print 0123456789\r")
    assert client.read(10) == b"print 0123"
    assert client.get("f") == (OK, b"contents")
    assert 0 not in client.data or not client.data[0]
    client.tell("CREDIT", more=4)
    assert client.read(4) == b"4567"
    client.tell("CREDIT", more=1000)
    client.output_until(b"0123456789\r\n>>> ")


def test_credit_has_a_bound_and_is_no_number_to_overflow(firmware: Firmware) -> None:
    client = enter(firmware)
    assert client.attach(credit=2**32 - 1).code == OK
    for _ in range(10):
        client.tell("CREDIT", more=2**32 - 1)
    client.type(b"print x\r")
    client.output_until(b"\r\nx\r\n>>> ")


def test_an_interrupt_of_a_busy_program_a_hundred_times(firmware: Firmware) -> None:
    client = hold(firmware)
    for _ in range(100):
        client.type(b"busy\r")
        client.output_until(b"busy\r\n")
        assert client.do("INTERRUPT").code == OK
        client.output_until(b"KeyboardInterrupt\r\n>>> ")


def test_an_interrupt_overtakes_input_that_is_not_read(firmware: Firmware) -> None:
    client = hold(firmware)
    client.type(b"busy\r")
    client.output_until(b"busy\r\n")
    client.type(b"print later\r")
    assert client.do("INTERRUPT").code == OK
    client.output_until(b"KeyboardInterrupt\r\n>>> print later\r\nlater\r\n>>> ")


def test_an_interrupt_can_discard_input(firmware: Firmware) -> None:
    client = hold(firmware)
    client.type(b"busy\r")
    client.output_until(b"busy\r\n")
    client.type(b"print never\r" * 40)
    assert client.do("INTERRUPT", discard=True).code == OK
    client.output_until(b"KeyboardInterrupt\r\n>>> ")
    client.type(b"print x\r")
    assert client.output_until(b"x\r\n>>> ") == b"print x\r\nx\r\n>>> "


def test_an_interrupt_as_a_key_is_the_next_key(firmware: Firmware) -> None:
    client = hold(firmware)
    client.type(b"keys 4\r")
    client.output_until(b"keys 4\r\n")
    firmware.command("hold")
    client.type(b"abc")
    assert client.do("INTERRUPT").code == OK
    assert firmware.available == 4
    firmware.command("go")
    client.output_until(b"03616263\r\n>>> ")


def test_interrupts_that_nobody_reads_are_not_said_to_have_arrived(firmware: Firmware) -> None:
    client = hold(firmware)
    client.type(b"keys 20\r")
    client.output_until(b"keys 20\r\n")
    firmware.command("hold")
    codes = [client.do("INTERRUPT").code for _ in range(20)]
    told = codes.count(OK)
    assert codes == [OK] * told + [EAGAIN] * (20 - told)
    assert firmware.available == told < 20
    firmware.command("go")
    client.type(b"x" * (20 - told))
    client.output_until(b"03" * told + b"78" * (20 - told) + b"\r\n>>> ")


def test_a_typed_ctrl_c_is_an_interrupt_too(firmware: Firmware) -> None:
    client = hold(firmware)
    client.type(b"busy\r")
    client.output_until(b"busy\r\n")
    client.type(b"\x03print x\r")
    client.output_until(b"KeyboardInterrupt\r\n>>> print x\r\nx\r\n>>> ")


@pytest.mark.parametrize("name", ["INTERRUPT", "RESET"])
def test_a_client_without_the_terminal_changes_nothing(firmware: Firmware, name: str) -> None:
    client = enter(firmware)
    assert client.do(name).code == EPERM
    assert client.attach(watch=True).code == OK
    assert client.do(name).code == EPERM
    assert firmware.interrupts == 0
    assert firmware.command("resets") == "resets 0 0"


def test_the_window(firmware: Firmware) -> None:
    client = enter(firmware)
    assert client.attach(columns=132, rows=50).code == OK
    assert firmware.command("size") == "size 132 50"
    client.tell("SIZE", columns=1, rows=65535)
    assert client.do("PING").code == OK
    assert firmware.command("size") == "size 1 65535"
    assert client.do("DETACH").code == OK
    assert firmware.command("size") == "size 0 0"


def test_a_soft_reset(firmware: Firmware) -> None:
    client = hold(firmware)
    client.type(b"busy\r")
    assert client.do("RESET").code == OK
    assert firmware.command("resets") == "resets 1 0"
    assert client.do("INTERRUPT").code == OK


def test_a_hard_reset_ends_all_sessions(firmware: Firmware) -> None:
    client, other = hold(firmware), enter(firmware)
    assert client.do("RESET", hard=True).code == OK
    assert client.close_code()[0] == RESTART
    assert other.close_code()[0] == RESTART
    assert firmware.command("resets") == "resets 0 1"


# Watchers


def test_a_watcher_sees_what_the_holder_sees(firmware: Firmware) -> None:
    client, watcher = hold(firmware), enter(firmware)
    assert watcher.attach(watch=True).code == OK
    assert watcher.who()[:2] == (1, 1)
    client.type(b"bytes 80ff41\rprint done\r")
    expected = client.output_until(b"\r\ndone\r\n>>> ")
    assert watcher.read(len(expected)) == expected


def test_a_watcher_beside_a_classic_holder(firmware: Firmware) -> None:
    classic, watcher = firmware.login(), enter(firmware)
    assert watcher.attach(watch=True).code == OK
    classic.say("bytes ff41\r")
    classic.text_until("\N{REPLACEMENT CHARACTER}A>>> ".encode())
    assert b"\xffA>>> " in watcher.output_until(b">>> ")


def test_a_watcher_cannot_type(firmware: Firmware) -> None:
    watcher = enter(firmware)
    assert watcher.attach(watch=True).code == OK
    assert watcher.credit[0] == 0
    watcher.tell("DATA", data=b"print x\r".hex())
    assert watcher.close_code()[0] == 1002
    assert firmware.available == 0


def test_output_without_a_holder_is_for_the_watchers(firmware: Firmware) -> None:
    watcher = enter(firmware)
    assert watcher.attach(watch=True).code == OK
    assert firmware.command("write 0 5000").startswith("written 5000 ")
    assert watcher.output_until(b".").startswith(b".")
    while len(watcher.data[0]) + 1 + watcher.lost < 5000:
        watcher.take()
    assert len(watcher.data[0]) + 1 + watcher.lost == 5000
    assert len(watcher.data[0]) >= 2047


def test_a_slow_watcher_learns_how_much_it_has_missed(firmware: Firmware) -> None:
    client, watcher = hold(firmware), enter(firmware)
    watcher.give_credit = lambda message: None  # type: ignore[method-assign]
    assert watcher.attach(watch=True, credit=10).code == OK
    client.type(b"fill 2000\r")
    expected = client.output_until(b"\r\n>>> ")
    first = watcher.read(10)  # at the beginning, unless the program was too fast
    assert first in expected
    watcher.tell("CREDIT", more=1_000_000)
    rest = watcher.output_until(b"\r\n>>> ")
    assert watcher.lost == len(expected) - len(first) - len(rest)
    assert watcher.lost > 0
    assert expected.endswith(rest)


def test_a_watcher_that_reads_nothing_holds_up_nobody(firmware: Firmware) -> None:
    client, watcher = hold(firmware), enter(firmware)
    assert watcher.attach(watch=True, credit=2**31 - 1).code == OK
    client.type(b"fill 20000\r")
    client.output_until(b"\r\n>>> ")
    watcher.close()


def test_watchers_come_and_go(firmware: Firmware) -> None:
    client, watcher = hold(firmware), enter(firmware)
    for _ in range(10):
        assert watcher.attach(watch=True).code == OK
        assert watcher.attach(watch=True).code == EINVAL
        assert watcher.do("DETACH").code == OK
    assert watcher.attach().code == EBUSY
    other = enter(firmware)
    assert other.attach(watch=True).code == OK
    other.close()
    while client.who().watchers:
        pass
    client.type(b"print x\r")
    client.output_until(b"\r\nx\r\n>>> ")


def test_a_watcher_takes_the_terminal(firmware: Firmware) -> None:
    client, watcher = hold(firmware), enter(firmware)
    assert watcher.attach(watch=True).code == OK
    assert watcher.do("DETACH").code == OK
    assert watcher.attach(takeover=True).code == OK
    assert client.close_code()[0] == 4001
    watcher.type(b"print x\r")
    watcher.output_until(b"\r\nx\r\n>>> ")


def test_input_that_came_before_the_end_is_read(firmware: Firmware) -> None:
    firmware.command("hold")
    client = hold(firmware)
    client.type(b"print kept\r")
    assert client.do("DETACH").code == OK
    assert firmware.available == 11
    firmware.command("go")
    assert client.attach(credit=struct.unpack("<I", b"\0\1\0\0")[0]).code == OK
    client.type(b"print x\r")
    client.output_until(b"x\r\n>>> ")
