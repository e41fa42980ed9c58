# SPDX-License-Identifier: MIT
"""Files of the second edition: each operation, each error, several at a time."""

from __future__ import annotations

import hashlib
import os
import struct
from typing import Callable

import pytest

from .firmware import Firmware
from .second import (
    ALL,
    EACCES,
    EAGAIN,
    EBADMSG,
    EBUSY,
    ECANCELED,
    EEXIST,
    EINVAL,
    EIO,
    EISDIR,
    ENAMETOOLONG,
    ENOENT,
    ENOSPC,
    ENOTDIR,
    ENOTEMPTY,
    EOPNOTSUPP,
    ETIMEDOUT,
    OK,
    Entry,
    Second,
    enter,
    file_record,
    hold,
)

OLD = b"old contents"


def contents(size: int) -> bytes:
    """That many bytes, of every value."""
    return hashlib.shake_128(b"%d" % size).digest(size)


def traces(firmware: Firmware) -> list[str]:
    """Temporary files."""
    return [name for name in firmware.files() if name.endswith(".~up")]


# Contents


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 8192, 8193, 100_000])
def test_there_and_back(firmware: Firmware, size: int) -> None:
    client, data = enter(firmware), contents(size)
    assert client.put("f", data) == OK
    assert firmware.files() == {"f": data}
    assert client.get("f") == (OK, data)
    digest = client.do("SHA256", path="f")
    assert digest == (OK, hashlib.sha256(data).digest())


@pytest.mark.parametrize(
    "offset, length",
    [(0, 10), (5, ALL), (9_999, ALL), (10_000, ALL), (2**40, 5), (4096, 0), (4095, 2)],
)
def test_a_part_of_a_file(firmware: Firmware, offset: int, length: int) -> None:
    data = contents(10_000)
    (firmware.folder / "f").write_bytes(data)
    client = enter(firmware)
    assert client.get("f", offset=offset, length=length) == (OK, data[offset:][:length])


def test_a_download_says_first_how_long_the_file_is(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(OLD)
    client = enter(firmware)
    ident = client.ask("GET", credit=0, offset=3, length=1, path="f")
    while ident not in client.opened:
        client.take()
    assert file_record(client.opened[ident]) == (Entry(1, len(OLD), ""), b"")
    assert ident not in client.data
    client.tell("CREDIT", ident, more=1)
    assert client.result(ident) == (OK, b"")
    assert client.data[ident] == OLD[3:4]


@pytest.mark.parametrize(
    "name", ["x" * 255, "größe 日本", "with space", "a'b\"c", "-", "...", "~x"]
)
def test_names(firmware: Firmware, name: str) -> None:
    client = enter(firmware)
    if len(name.encode()) > 255:
        pytest.skip("longer than the host's names")
    assert client.put(name, OLD) == OK
    assert client.get(name) == (OK, OLD)
    assert client.list(".") == (OK, [Entry(1, len(OLD), name)])
    assert client.do("REMOVE", path=name).code == OK
    assert firmware.files() == {}


def test_the_longest_path(firmware: Firmware) -> None:
    client = enter(firmware)
    folder = "d" * 250 + "/" + "e" * 250
    for path in ("d" * 250, folder):
        assert client.do("MKDIR", path=path).code == OK
    path = folder + "/" + "f" * (client.max_path - len(folder) - 1)
    assert client.put(path, OLD) == OK
    assert client.get(path) == (OK, OLD)
    assert client.get(path + "x")[0] == ENAMETOOLONG


def test_names_that_are_not_utf8_are_listed_as_they_are(firmware: Firmware) -> None:
    (firmware.folder / os.fsdecode(b"\xff\xfe")).write_bytes(b"")
    client = enter(firmware)
    ident = client.ask("LIST", credit=8192, path=".")
    assert client.result(ident).code == OK
    assert client.data[ident].endswith(b"\xff\xfe")


def test_an_upload_is_invisible_until_it_is_whole(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(OLD)
    client, data = enter(firmware), contents(20_000)
    ident = client.begin_put("f", data)
    assert client.is_open(ident)
    client.send_file(ident, data[:12_000])
    assert client.get("f") == (OK, OLD)
    client.send_file(ident, data[12_000:])
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": data}


def test_an_upload_cannot_be_disturbed_by_its_temporary_name(firmware: Firmware) -> None:
    client, data = enter(firmware), contents(20_000)
    ident = client.begin_put("f", data)
    assert client.is_open(ident)
    client.send_file(ident, data[:12_000])
    (temporary,) = traces(firmware)
    assert client.list(".") == (OK, [])
    assert client.put(temporary, OLD) == EACCES
    assert client.do("REMOVE", path=temporary).code == EACCES
    assert client.do("RENAME", path=temporary, to="g").code == EACCES
    client.send_file(ident, data[12_000:])
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": data}
    assert client.do("RENAME", path="f", to=temporary).code == EACCES
    assert client.do("MKDIR", path=temporary).code == EACCES
    assert client.do("MKDIR", path=f"{temporary}/deeper").code == EACCES
    assert firmware.files() == {"f": data}


def test_a_file_that_arrives_spoiled(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(OLD)
    client = enter(firmware)
    assert client.put("f", OLD + b"x", sha256="00" * 32) == EBADMSG
    assert firmware.files() == {"f": OLD}


def test_data_after_the_end(firmware: Firmware) -> None:
    client = enter(firmware)
    ident = client.begin_put("f", b"abc")
    assert client.is_open(ident)
    assert client.credit[ident] == 3
    client.tell("DATA", ident, data=b"abcd".hex())
    assert client.close_code()[0] == 1002
    assert enter(firmware).do("PING").code == OK
    while firmware.files():  # a worker removes what was written
        pass


@pytest.mark.parametrize("size", [2**63, 2**64 - 1, 2**32])
def test_sizes_beyond_all_disks(firmware: Firmware, size: int) -> None:
    client = enter(firmware)
    ident = client.ask("PUT", path="f", size=size, sha256="00" * 32)
    assert client.is_open(ident)
    client.send_file(ident, b"x" * 10_000)
    client.tell("CANCEL", ident)
    assert client.result(ident).code == ECANCELED
    assert firmware.files() == {}


def test_a_full_disk_in_the_middle(start: Callable[..., Firmware]) -> None:
    firmware = start(password="secret", disk=50_000)
    (firmware.folder / "f").write_bytes(OLD)
    client = enter(firmware)
    assert client.put("f", contents(100_000)) == ENOSPC
    assert client.put("f", contents(100_000), resume=True) == ENOSPC
    assert client.do("PING").code == OK
    assert firmware.files() == {"f": OLD}


def test_no_files(start: Callable[..., Firmware]) -> None:
    client = enter(start(password="secret", files=0))
    assert client.features & 1 == 0
    assert client.do("STAT", path="f").code == EOPNOTSUPP
    assert client.put("f", OLD) == EOPNOTSUPP


# Names


def test_a_tree(firmware: Firmware) -> None:
    client = enter(firmware)
    assert client.do("MKDIR", path="d").code == OK
    assert client.do("MKDIR", path="d").code == EEXIST
    assert client.put("d/f", OLD) == OK
    assert client.do("RMDIR", path="d").code == ENOTEMPTY
    assert client.do("REMOVE", path="d").code == EISDIR
    assert client.do("RMDIR", path="d/f").code == ENOTDIR
    assert client.list("d") == (OK, [Entry(1, len(OLD), "f")])
    assert client.list(".") == (OK, [Entry(2, 0, "d")])
    assert client.do("RENAME", path="d/f", to="g").code == OK
    assert client.do("RMDIR", path="d").code == OK
    assert firmware.files() == {"g": OLD}


def test_absolute_paths_and_the_root(firmware: Firmware) -> None:
    client, path = enter(firmware), str(firmware.folder / "f")
    assert client.put(path, OLD) == OK
    assert firmware.files() == {"f": OLD}
    code, entries = client.list("/")
    assert code == OK
    assert Entry(2, 0, "tmp") in entries


def test_a_rename_replaces_files_alone(firmware: Firmware) -> None:
    client = enter(firmware)
    for name in ("a", "b"):
        assert client.put(name, name.encode()) == OK
    for name in ("d", "e"):
        assert client.do("MKDIR", path=name).code == OK
    assert client.do("RENAME", path="a", to="b").code == OK
    assert firmware.files() == {"b": b"a"}
    assert client.do("RENAME", path="b", to="d").code == EISDIR
    assert client.do("RENAME", path="d", to="e").code == EEXIST
    assert client.do("RENAME", path="d", to="c").code == OK


def test_stat_of_files_and_directories(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(OLD)
    os.utime(firmware.folder / "f", (1_700_000_000, 1_700_000_000))
    client = enter(firmware)
    code, value = client.do("STAT", path="f")
    assert (code, file_record(value)[0]) == (OK, Entry(1, len(OLD), ""))
    assert struct.unpack("<q", value[12:20]) == (1_700_000_000,)
    code, value = client.do("STAT", path=".")
    assert (code, file_record(value)[0]) == (OK, Entry(2, 0, ""))


def test_space(firmware: Firmware) -> None:
    code, value = enter(firmware).do("SPACE", path=".")
    total, free = struct.unpack("<QQ", value)
    assert code == OK
    assert 0 < free <= total


@pytest.mark.parametrize(
    "name", ["STAT", "REMOVE", "RMDIR", "SPACE", "SHA256", "LIST", "GET", "RENAME"]
)
def test_missing_files_are_enoent(firmware: Firmware, name: str) -> None:
    fields = {"to": "x", "credit": 9, "offset": 0, "length": ALL}
    assert enter(firmware).do(name, path="nowhere", **fields).code == ENOENT


def test_directories_are_no_files(firmware: Firmware) -> None:
    client = enter(firmware)
    assert client.do("MKDIR", path="d").code == OK
    assert client.get("d")[0] == EISDIR
    assert client.put("d", OLD) == EISDIR
    assert client.do("SHA256", path="d").code == EISDIR
    assert client.put("nowhere/f", OLD) == ENOENT
    assert client.put("d/f", OLD) == OK
    assert client.list("d/f")[0] == ENOTDIR
    assert client.put("d/f/g", OLD) == ENOTDIR


def test_a_long_list_with_little_credit(firmware: Firmware) -> None:
    names = [f"{index:03}" + "n" * (index % 200) for index in range(300)]
    for name in names:
        (firmware.folder / name).write_bytes(b"x")
    client = enter(firmware)
    ident = client.ask("LIST", credit=300, path=".")
    assert client.result(ident) == (OK, struct.pack("<I", 300))
    data, found = client.data.pop(ident), []
    while data:
        entry, data = file_record(data)
        found.append(entry.name)
    assert sorted(found) == names


def entries(data: bytes) -> list[Entry]:
    """File records, by name."""
    found = []
    while data:
        entry, data = file_record(data)
        found.append(entry)
    return sorted(found, key=lambda entry: entry.name)


def test_a_list_with_digests(firmware: Firmware) -> None:
    sizes = [0, 1, 511, 4096, 200_000, *range(100, 130)]
    for size in sizes:
        (firmware.folder / f"{size}").write_bytes(contents(size))
    (firmware.folder / "dir").mkdir()
    client = enter(firmware)
    for path, credit in ((".", 10_000), (".", 400)):
        ident = client.ask("LIST", credit=credit, path=path, digest=True)
        assert client.result(ident) == (OK, struct.pack("<I", len(sizes) + 1))
        found = {entry.name: entry for entry in entries(client.data.pop(ident))}
        assert found.pop("dir").digest == b""
        digests = {str(size): hashlib.sha256(contents(size)).digest() for size in sizes}
        assert {name: entry.digest for name, entry in found.items()} == digests
        assert {name: str(entry.size) for name, entry in found.items()} == dict(
            zip(digests, digests)
        )
    assert client.do("MKDIR", path="inner").code == OK
    assert client.put("inner/f", OLD) == OK
    ident = client.ask("LIST", credit=400, path="inner", digest=True)
    assert client.result(ident).code == OK
    (entry,) = entries(client.data.pop(ident))
    assert entry.digest == hashlib.sha256(OLD).digest()


def test_a_list_with_digests_can_be_cancelled(firmware: Firmware) -> None:
    with (firmware.folder / "f").open("wb") as file:
        file.truncate(10 << 30)
    client = enter(firmware)
    ident = client.ask("LIST", credit=400, path=".", digest=True)
    client.tell("CANCEL", ident)
    assert client.result(ident).code == ECANCELED
    assert client.do("REMOVE", path="f").code == OK


def test_links_are_told_and_removed_themselves(firmware: Firmware) -> None:
    (firmware.folder / "dir" / "inner").mkdir(parents=True)
    (firmware.folder / "dir" / "f").write_bytes(OLD)
    for link, target in (("a", "dir"), ("b", "dir/f"), ("dir/c", "inner"), ("d", "nowhere")):
        (firmware.folder / link).symlink_to(target)
    client = enter(firmware)
    ident = client.ask("LIST", credit=10_000, path=".", digest=True)
    assert client.result(ident).code == OK
    found = {entry.name: entry for entry in entries(client.data.pop(ident))}
    assert {name for name, entry in found.items() if entry.is_link} == {"a", "b", "d"}
    assert found["b"].digest == hashlib.sha256(OLD).digest()
    for link in ("a", "b", "dir/c", "d"):
        assert client.do("REMOVE", path=link).code == OK
    assert client.do("REMOVE", path="dir").code == EISDIR
    assert client.do("REMOVE", path="dir/inner").code == EISDIR
    assert (firmware.folder / "dir" / "f").read_bytes() == OLD


@pytest.mark.parametrize("size", [0, 1, 4096, 8191, 8192, 8193, 50_000])
def test_a_file_is_sent_at_once(firmware: Firmware, size: int) -> None:
    client, data = enter(firmware), contents(size)
    digest = hashlib.sha256(data).hexdigest()
    ident = client.ask("PUT", size=size, sha256=digest, path="f", digest=True, early=True)
    early = data[: client.early]
    for at in range(0, len(early), 4096):
        client.tell("DATA", ident, data=early[at : at + 4096].hex())
    if size > client.early:
        assert client.is_open(ident)
        client.send_file(ident, data[len(early) :])
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": data}


def test_no_more_is_sent_at_once_than_the_file_has(firmware: Firmware) -> None:
    client = enter(firmware)
    ident = client.ask("PUT", size=10, sha256="00" * 32, path="f", early=True)
    client.tell("DATA", ident, data="00" * 11)
    assert client.close_code()[0] == 1002


def test_what_is_sent_at_once_for_nothing(firmware: Firmware) -> None:
    client = enter(firmware)
    for _ in range(20):
        ident = client.ask("PUT", size=9, sha256="00" * 32, path="no/f", early=True)
        client.tell("DATA", ident, data="00" * 9)
        assert client.result(ident).code == ENOENT
    assert client.put("f", OLD) == OK


# Several at a time


def test_several_at_a_time(firmware: Firmware) -> None:
    client = enter(firmware)
    files = {f"f{index}": contents(30_000 + index) for index in range(3)}
    idents = {name: client.begin_put(name, data) for name, data in files.items()}
    left = dict(files)
    assert all(client.is_open(ident) for ident in idents.values())
    while any(left.values()):
        for name, ident in idents.items():
            piece = left[name][: min(1000, client.credit[ident])]
            left[name] = left[name][len(piece) :]
            client.credit[ident] -= len(piece)
            if piece:
                client.tell("DATA", ident, data=piece.hex())
        client.tell("PING", 999)
        assert client.result(999).code == OK
    assert [client.result(ident).code for ident in idents.values()] == [OK] * 3
    assert firmware.files() == files
    gets = [
        client.ask("GET", credit=8192, offset=0, length=ALL, path=name, digest=True)
        for name in files
    ]
    for ident, data in zip(gets, files.values()):
        assert client.result(ident) == (OK, hashlib.sha256(data).digest())
        assert client.data[ident] == data


def test_a_stalled_download_stops_no_other(firmware: Firmware) -> None:
    (firmware.folder / "f").write_bytes(contents(50_000))
    client = enter(firmware)
    stalled = client.ask("GET", credit=100, offset=0, length=ALL, path="f")
    give, client.give_credit = client.give_credit, lambda m: m.id != stalled and give(m)
    assert client.get("f") == (OK, contents(50_000))
    assert client.data[stalled] == contents(50_000)[:100]
    client.give_credit = give
    client.tell("CREDIT", stalled, more=2**31)
    assert client.result(stalled).code == OK
    assert client.data[stalled] == contents(50_000)


def stalled_downloads(client: Second) -> list[int]:
    """As many operations as a session may have, of which none is going to end."""
    return [
        client.ask("GET", credit=0, offset=0, length=ALL, path="f")
        for _ in range(client.max_operations)
    ]


def test_too_many_at_a_time(firmware: Firmware) -> None:
    client = enter(firmware)
    (firmware.folder / "f").write_bytes(OLD)
    stalled = stalled_downloads(client)
    assert client.do("STAT", path="f").code == EAGAIN
    client.tell("CANCEL", stalled[0])
    assert client.result(stalled[0]).code == ECANCELED
    assert client.do("STAT", path="f").code == OK


def test_one_session_holds_up_no_other(firmware: Firmware) -> None:
    client, other = enter(firmware), enter(firmware)
    (firmware.folder / "f").write_bytes(OLD)
    stalled_downloads(client)
    assert other.do("STAT", path="f").code == OK
    assert other.get("f") == (OK, OLD)
    assert other.put("g", OLD) == OK


def test_each_session_may_use_all_operations_that_it_was_told_of(firmware: Firmware) -> None:
    """None gets EAGAIN; those that have to wait for another session do so."""
    clients = [enter(firmware), enter(firmware)]
    (firmware.folder / "f").write_bytes(contents(20_000))
    asked = [(client, client.begin_get("f")) for client in clients for _ in range(4)]
    for client, ident in asked:
        assert client.result(ident).code == OK
        assert client.data.pop(ident) == contents(20_000)


def test_a_stalled_operation_gives_way_to_one_that_waits(firmware: Firmware) -> None:
    client, other = enter(firmware), enter(firmware)
    (firmware.folder / "f").write_bytes(OLD)
    stalled = stalled_downloads(client)
    own = other.ask("GET", credit=0, offset=0, length=ALL, path="f")  # the one that never waits
    assert other.result(other.begin_get("f")).code == OK
    if own in other.results:  # on a busy machine it has stalled for longest
        assert other.results[own].code == ETIMEDOUT
        return
    while not client.results.keys() & stalled:  # as many as it takes
        client.take()
    assert {result.code for result in client.results.values()} == {ETIMEDOUT}


def test_a_file_that_became_shorter_is_an_error(firmware: Firmware) -> None:
    path = firmware.folder / "f"
    path.write_bytes(contents(50_000))
    client = enter(firmware)
    ident = client.ask("GET", credit=100, offset=0, length=ALL, path="f")
    while ident not in client.opened:
        client.take()
    with path.open("r+b") as file:
        file.truncate(10_000)
    assert client.result(ident).code == EIO


def test_two_uploads_of_one_file(firmware: Firmware) -> None:
    client, other = enter(firmware), hold(firmware)
    ident = client.begin_put("f", OLD)
    assert client.is_open(ident)
    assert other.put("f", b"other") == EBUSY
    assert client.put("f", b"other") == EBUSY
    client.send_file(ident, OLD)
    assert client.result(ident).code == OK
    assert other.put("f", b"other") == OK
    assert firmware.files() == {"f": b"other"}


def test_an_upload_of_each_edition_to_one_file(firmware: Firmware) -> None:
    classic, client = firmware.login(), enter(firmware)
    header = struct.pack("<2sBBQLH64s", b"WA", 1, 0, 0, len(OLD), 1, b"f")
    classic.say(header, 2)
    assert classic.binary() == b"WB\0\0"
    assert client.put("f", b"new") == EBUSY
    classic.say(OLD, 2)
    assert classic.binary() == b"WB\0\0"
    ident = client.begin_put("f", b"new")
    assert client.is_open(ident)
    classic.say(header, 2)
    assert classic.binary() == b"WB" + struct.pack("<H", EBUSY)
    client.send_file(ident, b"new")
    assert client.result(ident).code == OK
    assert firmware.files() == {"f": b"new"}


def test_cancelled_uploads_leave_nothing(firmware: Firmware) -> None:
    client = enter(firmware)
    for resume in (False, True):
        ident = client.begin_put("f", contents(20_000), resume=resume)
        assert client.is_open(ident)
        client.send_file(ident, contents(20_000)[:9000])
        client.tell("CANCEL", ident)
        client.tell("DATA", ident, data="00")
        assert client.result(ident).code == ECANCELED
        assert firmware.files() == {}
    client.tell("CANCEL", 99)
    client.tell("CREDIT", 99, more=1)
    client.tell("DATA", 99, data="00")
    assert client.do("PING").code == OK


def test_resume_needs_a_digest(firmware: Firmware) -> None:
    client = enter(firmware)
    assert client.put("f", OLD, resume=True, digest=False) == EINVAL


def test_files_while_somebody_else_holds_the_terminal(firmware: Firmware) -> None:
    holder, client = hold(firmware), enter(firmware)
    holder.type(b"fill 3000\r")
    assert client.put("f", contents(50_000)) == OK
    assert client.get("f") == (OK, contents(50_000))
    holder.output_until(b"\r\n>>> ")


def test_files_beside_the_terminal_of_the_same_session(firmware: Firmware) -> None:
    client = hold(firmware)
    (firmware.folder / "f").write_bytes(contents(100_000))
    client.type(b"fill 3000\r")
    ident = client.ask("GET", credit=8192, offset=0, length=ALL, path="f", digest=True)
    client.output_until(b"\r\n>>> ")
    assert client.result(ident) == (OK, hashlib.sha256(contents(100_000)).digest())


def test_files_while_the_program_reads_nothing(firmware: Firmware) -> None:
    firmware.command("hold")
    client = hold(firmware)
    client.type(b"x" * 512)
    assert client.put("f", contents(50_000)) == OK
    assert client.get("f") == (OK, contents(50_000))
    firmware.command("go")
