# SPDX-License-Identifier: MIT
"""Builds http_app with sanitizers, and starts it for tests.

HTTP_TEST_SANITIZER=thread builds with ThreadSanitizer instead of AddressSanitizer and UBSan, an
empty one without any. HTTP_TEST_WRAPPER is a command that runs the program, such as valgrind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from tests.support.board_disk import DiskPath
from tests.support.lwip import not_on_lwip
from tests.support.paths import SANITIZED
from tests.support.process import build_program, each_judged
from tools import storages

from .disk_app import DiskSide
from .http_app import App, Launch
from .vfs_app import FaultyVfsApp, VfsApp

# Longer than any test waits: a client that another client's silence holds up fails.
PATIENT = {
    "header_timeout": 120_000,
    "body_timeout": 120_000,
    "send_timeout": 120_000,
    "idle_timeout": 0,
    "rate_window": 120_000,
    "ws_rx": 1024,
    "ws_tx": 65535,
    "ws_message": 80_000,
    "ws_ping": 0,
    "ws_dead": 0,
}


@pytest.fixture(scope="session")
def http_app() -> Path:
    """The built program, unless only MicroPython is asked for."""
    if storages.chosen():
        return SANITIZED
    return build_program(Path(__file__).parent, "http_app")


BOTH_SIDES = [
    *("test_files_access", "test_files_conditional", "test_files_gzip", "test_files_listing"),
    *("test_files_memory", "test_files_ranges", "test_files_redbot", "test_files_serving"),
    "test_files_times",
    *("test_hazard_half_open_listener", "test_hazard_long_lived", "test_hazard_traversal"),
    *("test_receive_at_once", "test_receive_checks"),
    *("test_receive_disconnect", "test_receive_dynamic", "test_receive_form"),
    *("test_receive_killed", "test_receive_length", "test_receive_move"),
    *("test_receive_named", "test_receive_route", "test_receive_traversal"),
]
WITH_FAULTS = [
    *("test_files_slow", "test_hazard_failing_storage", "test_hazard_power_cut"),
    *("test_hazard_vanishing_file", "test_receive_storage"),
]


ON_DISKS = [
    *("test_files_access", "test_files_listing", "test_files_ranges", "test_files_serving"),
    *("test_receive_at_once", "test_receive_disconnect", "test_receive_dynamic"),
    *("test_receive_form", "test_receive_move"),
]
"""Those of BOTH_SIDES that a full run also runs on FAT and littlefs: where disks matter most."""

TOO_MANY_FOR_DISKS = [
    *("test_ten_thousand_entries_take_no_more_memory", "test_many_files"),
    *("test_a_client_that_stops_reading_holds_up_nobody", "test_a_server_stops_while_it_looks"),
    "test_an_error_half_way_breaks_the_connection",
]
"""Tests that make more files than FAT can in a reasonable time: it searches all names for each."""

Side = Callable[[Path, dict[str, Any]], App]


def sides_of(name: str) -> list[ParameterSet]:
    """Where the tests of a module run: on POSIX, on MicroPython's VFS, and on disks of boards."""
    vfs = FaultyVfsApp if name in WITH_FAULTS else VfsApp
    without = not_on_lwip("there is no MicroPython")
    sides = [pytest.param(App, id="posix"), pytest.param(vfs, id="vfs", marks=without)]
    disks = [pytest.param(kind, id=kind, marks=without) for kind in storages.KINDS]
    if storages.chosen():
        return [disk for disk in disks if disk.id == storages.chosen() and name in BOTH_SIDES]
    usual = [disk for disk in disks if disk.id != storages.LOCKS]
    return sides + (usual if name in ON_DISKS else [])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs the tests of files on several file systems, and some others in C and in Python."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if name in BOTH_SIDES + WITH_FAULTS and "side" in metafunc.fixturenames:
        metafunc.parametrize("side", sides_of(name), indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps those that run on the disk that STORAGE names."""
    if storages.chosen():
        items[:] = [item for item in items if is_on_disk(item)]


def is_on_disk(item: pytest.Item) -> bool:
    """Whether a test runs on a board's disk."""
    spec = getattr(item, "callspec", None)
    return bool(spec) and spec.params.get("side") in list(storages.KINDS)


@pytest.fixture
def side(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Side]:
    """The storage of files: App, VfsApp, or a disk."""
    chosen = getattr(request, "param", App)
    if chosen not in storages.KINDS:
        yield chosen
        return
    if request.node.originalname in TOO_MANY_FOR_DISKS:
        pytest.skip("on a board's disk so many files take minutes")
    folder = tmp_path_factory.mktemp("disk")
    disk = DiskSide(chosen, folder)
    yield disk
    disk.end()


@pytest.fixture
def tmp_path(side: Side, tmp_path: Path) -> Path:
    """A folder of the storage."""
    return side.disk.root if isinstance(side, DiskSide) else tmp_path


@pytest.fixture
def computer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the computer, wherever the server's files are."""
    return tmp_path_factory.mktemp("computer")


@pytest.fixture
def dates(tmp_path: Path) -> None:
    """Lets a test run only where it can say when a file was changed."""
    if isinstance(tmp_path, DiskPath):
        pytest.skip("nobody can change the dates of files on a board's disk")


@pytest.fixture
def memory_in_use(side: type[App], monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a process hold only memory in use.

    Otherwise AddressSanitizer would keep freed memory and, since GCC 13, the frames of functions
    that have returned.
    """
    options = side.ENVIRONMENT["ASAN_OPTIONS"]
    options += ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
    options += ":detect_stack_use_after_return=0"
    monkeypatch.setitem(side.ENVIRONMENT, "ASAN_OPTIONS", options)


@pytest.fixture
def launch(http_app: Path, side: type[App]) -> Iterator[Launch]:
    """Starts servers with their own options, ends them, and fails if a sanitizer complains."""
    with each_judged(lambda **options: side(http_app, {**PATIENT, **options})) as start:
        yield start


@pytest.fixture
def app(launch: Launch) -> App:
    """A server without effective time-outs."""
    return launch()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder for received files; its folder sd stands for external storage."""
    folder = tmp_path / "root"
    (folder / "sd").mkdir(parents=True)
    return folder


@pytest.fixture
def receiver(launch: Launch, root: Path) -> App:
    """A server that receives files."""
    return launch(root=root)
