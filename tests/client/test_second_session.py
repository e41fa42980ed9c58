# SPDX-License-Identifier: MIT
"""Sessions of the second edition with boards that lie, forget, or are in use."""

from __future__ import annotations

import errno
import inspect
import io
from collections.abc import Callable
from typing import Any

import pytest
from webrepl_client import second_files
from webrepl_client.background import wait as run
from webrepl_client.errors import (
    BadServer,
    Busy,
    LocalFileError,
    NotWebrepl,
    RemoteFileError,
    Timeout,
    WrongPassword,
)
from webrepl_client.second_files import WINDOW, SecondFiles, normal
from webrepl_client.second_session import SecondSession
from webrepl_client.second_types import Type

from .fake_board import PASSWORD, FakeBoard


def made(kind: Callable[..., Any], *values: object, **more: object) -> Any:
    """Makes something in the event loop, where before Python 3.10 its locks have to be made."""

    async def make() -> Any:
        return kind(*values, **more)

    return run(make())


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boards that are busy are asked again at once."""
    monkeypatch.setattr(second_files, "BUSY_PAUSE", 0)


@pytest.fixture
def board() -> FakeBoard:
    return FakeBoard()


@pytest.fixture
def session(board: FakeBoard) -> SecondSession:
    session = made(SecondSession, board)
    run(session.login(lambda: PASSWORD))
    return session


@pytest.fixture
def files(session: SecondSession) -> SecondFiles:
    return made(SecondFiles, session)


def put(files: SecondFiles, path: str, contents: bytes, report: Callable = lambda n: None) -> None:
    run(files.put(path, io.BytesIO(contents), report))


def test_login_proves_both_sides(session: SecondSession) -> None:
    assert session.version == (1, 28, 0)


def test_a_wrong_password_is_told(board: FakeBoard) -> None:
    with pytest.raises(WrongPassword):
        run(made(SecondSession, board).login(lambda: "guess"))


def test_a_server_that_does_not_know_the_password_is_left(board: FakeBoard) -> None:
    board.knows_password = False
    with pytest.raises(BadServer):
        run(made(SecondSession, board).login(lambda: PASSWORD))


@pytest.mark.parametrize("iterations", [0, 999, 2_000_000])
def test_the_password_is_not_risked(board: FakeBoard, iterations: int) -> None:
    board.iterations = iterations
    board.say_hello()
    with pytest.raises(NotWebrepl, match="iterations"):
        run(made(SecondSession, board).login(lambda: PASSWORD))
    assert board.seen == []


def test_files_do_not_take_the_terminal(board: FakeBoard, files: SecondFiles) -> None:
    assert run(files.stat("a")).size == 8
    assert Type.ATTACH not in board.seen


def test_who_holds_the_terminal_is_told(board: FakeBoard, session: SecondSession) -> None:
    board.holder = b"10.0.0.7"
    with pytest.raises(Busy, match=r"10.0.0.7 has held the terminal for 61 s"):
        run(session.write(b"x"))


def test_the_terminal_is_taken_over(board: FakeBoard) -> None:
    board.holder = b"10.0.0.7"
    session = made(SecondSession, board, takeover=True)
    run(session.login(lambda: PASSWORD))
    run(session.write(b"x"))
    assert board.typed == b"x"


def test_keys_wait_for_credit(board: FakeBoard, session: SecondSession) -> None:
    assert run(session.write_some(b"123456")) == 4
    assert run(session.write_some(b"56")) == 0
    board.input_credit += 5
    board.tell(Type.CREDIT, 0, b"\x05\0\0\0")
    run(session.write(b"56"))
    assert board.typed == b"123456"
    with pytest.raises(Timeout):
        run(session.write(b"789abc"))


def test_the_size_of_the_window_goes_along(board: FakeBoard, session: SecondSession) -> None:
    run(session.resize(80, 24))
    assert Type.SIZE not in board.seen
    run(session.write(b"x"))
    run(session.resize(100, 30))
    assert board.size == (100, 30)


def test_read_output_is_paid_for(board: FakeBoard, session: SecondSession) -> None:
    run(session.write(b"x"))
    board.tell(Type.DATA, 0, b"y" * 1000)
    assert run(session.read(1)) == b"y" * 1000
    assert Type.CREDIT not in board.seen, "not for every little piece"
    board.tell(Type.DATA, 0, b"y" * 20_000)
    run(session.read(1))
    assert Type.CREDIT in board.seen


def test_missed_output_is_shown(board: FakeBoard, session: SecondSession) -> None:
    board.tell(Type.LOST, 0, b"\x10\0\0\0")
    assert b"16 bytes" in run(session.read(1))


def test_a_put_keeps_to_its_credit(board: FakeBoard, files: SecondFiles) -> None:
    reports: list[int] = []
    put(files, "b", b"0123456789" * 10, reports.append)
    assert board.files[b"b"] == b"0123456789" * 10
    assert reports[0] == 0
    assert reports[-1] == 100


def test_a_put_goes_on_where_it_was_cut(board: FakeBoard, files: SecondFiles) -> None:
    board.kept[b"b"] = b"0123456"
    reports: list[int] = []
    put(files, "b", b"0123456789", reports.append)
    assert board.files[b"b"] == b"0123456789"
    assert reports[0] == 7


def test_a_put_that_went_on_behind_something_else_is_sent_again(
    board: FakeBoard, files: SecondFiles
) -> None:
    board.kept[b"b"] = b"other"
    put(files, "b", b"0123456789")
    assert board.files[b"b"] == b"0123456789"


def test_a_file_that_changes_while_it_is_sent(board: FakeBoard, files: SecondFiles) -> None:
    class Changing(io.BytesIO):
        def seek(self, *where: int) -> int:
            self.getbuffer()[0] += 1
            return super().seek(*where)

    with pytest.raises(LocalFileError, match="changed"):
        run(files.put("b", Changing(b"0123456789"), lambda n: None))
    assert b"b" not in board.files


def test_a_file_that_becomes_shorter_is_given_up(board: FakeBoard, files: SecondFiles) -> None:
    class Shrinking(io.BytesIO):
        reads = 0

        def read(self, *size: int) -> bytes:
            self.reads += 1
            return super().read(*size) if self.reads < 4 else b""

    with pytest.raises(LocalFileError, match="shorter"):
        run(files.put("b", Shrinking(b"0123456789" * 9), lambda n: None))
    assert Type.CANCEL in board.seen
    assert run(files.stat("a")).size == 8


def test_spoiled_contents_are_noticed(board: FakeBoard, files: SecondFiles) -> None:
    board.spoils = True
    with pytest.raises(NotWebrepl, match="has arrived"):
        run(files.get("a", lambda piece: None))


def test_more_than_was_announced_is_not_taken(board: FakeBoard, files: SecondFiles) -> None:
    board.announces = 5
    with pytest.raises(NotWebrepl, match="more arrives than the 5 bytes announced"):
        run(files.get("a", lambda piece: None))
    board.announces = 9
    with pytest.raises(NotWebrepl, match="not what the board has sent"):
        run(files.get("a", lambda piece: None))


def test_more_than_there_is_credit_for_is_not_taken(board: FakeBoard, files: SecondFiles) -> None:
    board.files[b"a"] = bytes(WINDOW + 1)
    with pytest.raises(NotWebrepl, match="more than it has credit for"):
        run(files.get("a", lambda piece: None))


def test_a_listing_without_end_is_left(
    board: FakeBoard, files: SecondFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_files, "LISTING_MAX", 1000)
    board.listing = [b"name%d" % number for number in range(100)]
    with pytest.raises(NotWebrepl, match="has no end"):
        run(files.listdir(""))


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.EBUSY])
def test_a_board_that_others_use_is_asked_again(
    board: FakeBoard, files: SecondFiles, code: int
) -> None:
    for work in (
        lambda: files.stat("a"),
        lambda: files.listdir(""),
        lambda: files.get("a", lambda piece: None),
        lambda: files.put("a", io.BytesIO(b"contents"), lambda sent: None),
    ):
        board.refusals = [code] * 3
        run(work())
        assert board.refusals == []
    board.refusals = [code] * 1000
    with pytest.raises(RemoteFileError):
        run(files.stat("a"))


def test_codes_are_errors(files: SecondFiles) -> None:
    with pytest.raises(RemoteFileError, match="No such file") as caught:
        run(files.stat("nothing"))
    assert caught.value.path == "nothing"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("", b"."),
        ("/", b"/"),
        ("//a//b/", b"/a/b"),
        ("./a/./b", b"a/b"),
        ("a/../b", b"b"),
        ("größe", "größe".encode()),
    ],
)
def test_paths_are_made_normal(path: str, wanted: bytes) -> None:
    assert normal(path) == wanted


@pytest.mark.parametrize("name", [b"../x", b"/etc/x", b"..", b".", b"", b"a/b", b"a\0b"])
def test_names_that_lead_elsewhere_are_none(
    board: FakeBoard, files: SecondFiles, name: bytes
) -> None:
    board.listing = [b"fine", name]
    with pytest.raises(NotWebrepl, match="no name"):
        run(files.listdir("dir"))


def test_all_operations_of_the_protocol_have_a_method(
    board: FakeBoard, files: SecondFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(number: int, flags: int, rest: bytes) -> None:
        board.result(number, errno.EINVAL)

    operations = {kind for kind in Type if 0x30 <= kind <= 0x3F}
    for kind in operations:
        monkeypatch.setattr(board, f"on_{kind.name.lower()}", refuse, raising=False)
    values = {"str": "a", "BinaryIO": io.BytesIO(b"b"), "Sink": print, "Report": print}
    for name, method in inspect.getmembers(files, inspect.iscoroutinefunction):
        if not name.startswith("_"):
            parameters = inspect.signature(method).parameters.values()
            kinds = [p.annotation for p in parameters if p.default is p.empty]
            with pytest.raises(RemoteFileError):
                run(method(*(values[kind] for kind in kinds)))
    assert {Type(kind) for kind in board.seen} & operations == operations


def test_ids_are_used_again(session: SecondSession, files: SecondFiles) -> None:
    session._next_id = 0xFFFE
    for _ in range(5):
        assert run(files.stat("a")).size == 8
    assert session._next_id == 4
