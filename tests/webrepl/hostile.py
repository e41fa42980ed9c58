# SPDX-License-Identifier: MIT
"""What hostile clients do to files, in both editions of the protocol and on any storage.

Each function begins with an old file. Afterwards the file is whole and alone, and other clients
are served. Tests here play them with the firmware in C and POSIX, and those in
tests/webrepl_module with MicroPython's file systems.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from tests.support.websocket import BINARY
from tests.support.websocket import frame as frame

from .firmware import CONNECTED, PROMPT, FrameClient
from .second import EBUSY, ECANCELED, ENOSPC, ENOSYS, OK, Second, encode

PUT, GET, VERSION = 1, 2, 3
OLD = b"old contents"
NEW = bytes(range(100))


class Place(NamedTuple):
    """The server, and the folder of its files."""

    port: int
    password: str
    folder: str  # ends with a slash
    too_much: int  # more bytes than fit


def enter(place: Place) -> Second:
    client = Second(place.port)
    assert client.login(place.password).code == OK
    return client


def hold(place: Place) -> FrameClient:
    """Opens a classic session, as soon as the one before is over."""
    while True:
        client = FrameClient(place.port)
        if client.frame().payload == PROMPT:
            client.say(place.password + "\r")
            if client.frame().payload == CONNECTED:
                return client
        client.close()


def header(op: int, name: str | bytes, size: int = 0, length: int | None = None) -> bytes:
    name = name.encode() if isinstance(name, str) else name
    length = len(name) if length is None else length
    return struct.pack("<2sBBQLH64s", b"WA", op, 0, 0, size, length, name)


def code(client: FrameClient) -> int:
    """Of a reply."""
    reply = client.binary()
    assert (len(reply), reply[:2]) == (4, b"WB"), reply
    return int.from_bytes(reply[2:], "little")


def is_served(client: FrameClient) -> bool:
    """Whether a classic session goes on."""
    client.say(header(VERSION, b""), BINARY)
    return len(client.binary()) == 3


def names(place: Place) -> list[str]:
    folder = place.folder.rstrip("/")
    return [entry.name for entry in enter(place).list(folder)[1] if not entry.name.endswith(".py")]


def names_without_end(place: Place) -> None:
    client = hold(place)
    endless = place.folder.encode() + b"n" * 64
    for op, length in ((GET, 0), (GET, 64), (GET, 65), (GET, 65535), (PUT, 65), (PUT, 65535)):
        client.say(header(op, endless, 5, length), BINARY)
        assert code(client) != OK
    assert is_served(client)
    client.close()
    for length in (255, 1000):
        result = enter(place).do("STAT", path=place.folder + "n" * length)
        assert result.code != OK


def sizes_beyond_all_disks_in_the_classic_edition(place: Place) -> None:
    for size in (2**31, 2**32 - 1):
        client = hold(place)
        client.say(header(PUT, place.folder + "f", size), BINARY)
        assert code(client) == OK
        client.say(NEW, BINARY)
        client.close()


def sizes_beyond_all_disks_in_the_second_edition(place: Place) -> None:
    for size in (2**32, 2**63, 2**64 - 1):
        client = enter(place)
        ident = client.ask("PUT", path=place.folder + "f", size=size, sha256="00" * 32)
        if client.is_open(ident):
            client.send_file(ident, NEW)
            client.tell("CANCEL", ident)
            assert client.result(ident).code == ECANCELED
        assert client.do("PING").code == OK


def unknown_operations(place: Place) -> None:
    client = hold(place)
    for op in (0, 4, 9, 255):
        client.say(header(op, place.folder + "f", 5), BINARY)
        assert code(client) == ENOSYS
    assert is_served(client)
    client.close()
    other = enter(place)
    for kind in (60, 100, 255):
        other.say(struct.pack("<BBH", kind, 0, other.new_id()), BINARY)
        assert other.result(other.last_id).code == ENOSYS
    assert other.do("PING").code == OK


def data_after_the_end_in_the_classic_edition(place: Place) -> None:
    """It counts as the next header, which is wrong."""
    client = hold(place)
    client.say(header(PUT, place.folder + "f", len(OLD)) + OLD + b"x" * 82, BINARY)
    assert [code(client), code(client)] == [OK, OK]
    assert code(client) != OK
    assert is_served(client)
    client.close()


def data_after_the_end_in_the_second_edition(place: Place) -> None:
    client = enter(place)
    ident = client.begin_put(place.folder + "f", NEW)
    assert client.is_open(ident)
    client.tell("DATA", ident, data=(NEW + b"x").hex())
    assert client.close_code()[0] == 1002


def two_transfers_of_one_file(place: Place) -> None:
    """The first goes on. Others are refused in both editions, but readers are not."""
    first, second, classic = enter(place), enter(place), hold(place)
    ident = first.begin_put(place.folder + "f", OLD)
    assert first.is_open(ident)
    assert second.put(place.folder + "f", NEW) == EBUSY
    classic.say(header(PUT, place.folder + "f", len(NEW)), BINARY)
    assert code(classic) == EBUSY
    assert second.get(place.folder + "f") == (OK, OLD)
    first.send_file(ident, OLD)
    assert first.result(ident).code == OK
    classic.say(header(PUT, place.folder + "f", len(OLD)), BINARY)
    assert code(classic) == OK
    assert second.put(place.folder + "f", NEW) == EBUSY
    classic.say(OLD, BINARY)
    assert code(classic) == OK
    classic.close()


def a_disk_that_is_full_in_the_middle_in_the_classic_edition(place: Place) -> None:
    client = hold(place)
    client.say(header(PUT, place.folder + "f", place.too_much), BINARY)
    assert code(client) == OK
    for at in range(0, place.too_much, 1000):
        client.say(bytes(min(1000, place.too_much - at)), BINARY)
    assert code(client) == ENOSPC
    assert is_served(client)
    client.close()


def a_disk_that_is_full_in_the_middle_in_the_second_edition(place: Place) -> None:
    client = enter(place)
    assert client.put(place.folder + "f", bytes(place.too_much)) == ENOSPC
    assert client.do("PING").code == OK


def a_disconnect_at_every_byte_in_the_classic_edition(place: Place) -> None:
    stream = frame(BINARY, header(PUT, place.folder + "f", len(NEW)) + NEW[:-1])
    for cut in range(len(stream) + 1):
        client = hold(place)
        client.send(stream[:cut])
        client.close()


def a_disconnect_at_every_byte_in_the_second_edition(place: Place) -> None:
    fields = {"digest": True, "sha256": "00" * 32, "size": len(NEW), "path": place.folder + "f"}
    request = frame(BINARY, encode("PUT", 2, resume=False, **fields))
    data = frame(BINARY, encode("DATA", 2, data=NEW[:-1].hex()))
    for cut in range(len(request) + len(data) + 1):
        client = enter(place)
        client.send(request[:cut])
        if cut > len(request) and client.is_open(2):
            client.send(data[: cut - len(request)])
        client.close()


Attack = Callable[[Place], None]
ALL: list[Attack] = [
    names_without_end,
    sizes_beyond_all_disks_in_the_classic_edition,
    sizes_beyond_all_disks_in_the_second_edition,
    unknown_operations,
    data_after_the_end_in_the_classic_edition,
    data_after_the_end_in_the_second_edition,
    two_transfers_of_one_file,
    a_disk_that_is_full_in_the_middle_in_the_classic_edition,
    a_disk_that_is_full_in_the_middle_in_the_second_edition,
    a_disconnect_at_every_byte_in_the_classic_edition,
    a_disconnect_at_every_byte_in_the_second_edition,
]


def play(attack: Attack, place: Place) -> None:
    """The old file exists before and after, and nothing else."""
    assert enter(place).put(place.folder + "f", OLD) == OK
    attack(place)
    while names(place) != ["f"]:  # the server may still notice that a client has gone
        pass
    assert enter(place).get(place.folder + "f") == (OK, OLD)
    assert is_served(hold(place))
