# SPDX-License-Identifier: MIT
"""Builds server_app with sanitizers and gives tests a running one.

HOST_TEST_SANITIZER=thread builds with ThreadSanitizer instead of AddressSanitizer and UBSan.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .host_server import Server

HERE = Path(__file__).resolve().parent
SANITIZER = os.environ.get("HOST_TEST_SANITIZER", "address,undefined")
BUILD = HERE.parents[1] / "build" / f"tests-host-{SANITIZER.replace(',', '-')}"


@pytest.fixture(scope="session")
def server_app() -> Path:
    """The built program."""
    flags = f"-O1 -g -fno-omit-frame-pointer -Werror -fsanitize={SANITIZER}"
    if "undefined" in SANITIZER:
        flags += " -fno-sanitize-recover=undefined"
    configure = ["cmake", "-S", HERE, "-B", BUILD, f"-DCMAKE_C_FLAGS={flags}"]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", BUILD, "-j2"], check=True, stdout=subprocess.DEVNULL)
    return BUILD / "server_app"


@pytest.fixture
def start(server_app: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers with options of their own; ends them, and checks what they leave behind."""
    servers: list[Server] = []

    def _start(**options: object) -> Server:
        # Longer than any test waits: whoever is held up by another client's silence fails.
        limits = {"recv_timeout": 60, "send_timeout": 60}
        server = Server(server_app, {**limits, **options})
        servers.append(server)
        return server

    yield _start
    try:
        for server in servers:
            last = server.finish()
            assert last["transport_made"] == last["transport_freed"], last
            assert last["ctx_made"] == last["ctx_freed"], last
    finally:
        for server in servers:
            server.kill()


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    """A server with default options."""
    return start()
