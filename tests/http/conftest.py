# SPDX-License-Identifier: MIT
"""Builds http_app with sanitizers and gives tests a running one.

HTTP_TEST_SANITIZER=thread builds with ThreadSanitizer instead of AddressSanitizer and UBSan, an
empty one without any. HTTP_TEST_WRAPPER is a command that runs the program, such as valgrind.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .http_app import App
from .vfs_app import FaultyVfsApp, VfsApp

HERE = Path(__file__).resolve().parent
SANITIZER = os.environ.get("HTTP_TEST_SANITIZER", "address,undefined")
BUILD = HERE.parents[1] / "build" / f"tests-http-{SANITIZER.replace(',', '-') or 'plain'}"

# Longer than any test waits: whoever is held up by another client's silence fails.
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
    """The built program."""
    flags = "-O1 -g -fno-omit-frame-pointer -Werror"
    flags += f" -fsanitize={SANITIZER}" if SANITIZER else ""
    flags += " -fno-sanitize-recover=undefined" if "undefined" in SANITIZER else ""
    configure = ["cmake", "-S", HERE, "-B", BUILD, f"-DCMAKE_C_FLAGS={flags}"]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", BUILD, "-j2"], check=True, stdout=subprocess.DEVNULL)
    return BUILD / "http_app"


BOTH_SIDES = [
    *("test_files_access", "test_files_conditional", "test_files_gzip", "test_files_listing"),
    *("test_files_memory", "test_files_ranges", "test_files_redbot", "test_files_serving"),
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Has what is said of files hold on POSIX and on the VFS; some more, in C and in Python."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if name in BOTH_SIDES + WITH_FAULTS and "side" in metafunc.fixturenames:
        vfs = FaultyVfsApp if name in WITH_FAULTS else VfsApp
        metafunc.parametrize("side", [App, vfs], ids=["posix", "vfs"], indirect=True)


@pytest.fixture
def side(request: pytest.FixtureRequest) -> type[App]:
    """Where files are: App or VfsApp."""
    return getattr(request, "param", App)


@pytest.fixture
def no_quarantine(side: type[App], monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory that was freed is used again at once, so that a process holds what is in use.

    AddressSanitizer would keep it for long, to find those who still use it.
    """
    options = f"{side.ASAN_OPTIONS}:quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
    monkeypatch.setattr(side, "ASAN_OPTIONS", options)


@pytest.fixture
def launch(http_app: Path, side: type[App]) -> Iterator[Callable[..., App]]:
    """Starts servers with options of their own; ends them, and has the sanitizers judge."""
    apps: list[App] = []

    def _launch(**options: int | str | Path) -> App:
        app = side(http_app, {**PATIENT, **options})
        apps.append(app)
        return app

    yield _launch
    try:
        for app in apps:
            app.finish()
    finally:
        for app in apps:
            app.kill()


@pytest.fixture
def app(launch: Callable[..., App]) -> App:
    """A server with time-outs that never come."""
    return launch()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where files are received; sd in it stands for external storage."""
    folder = tmp_path / "root"
    (folder / "sd").mkdir(parents=True)
    return folder


@pytest.fixture
def receiver(launch: Callable[..., App], root: Path) -> App:
    """A server that receives files."""
    return launch(root=root)
