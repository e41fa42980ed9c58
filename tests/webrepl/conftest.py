# SPDX-License-Identifier: MIT
"""Builds the firmware with sanitizers and gives tests a running one.

WEBREPL_TEST_SANITIZER=thread builds with ThreadSanitizer instead of AddressSanitizer and UBSan.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .firmware import PAGE, Firmware

HERE = Path(__file__).resolve().parent
SANITIZER = os.environ.get("WEBREPL_TEST_SANITIZER", "address,undefined")
BUILD = HERE.parents[1] / "build" / f"tests-webrepl-{SANITIZER.replace(',', '-')}"


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built firmware, with a page of its own: the real one needs Node to build."""
    BUILD.mkdir(parents=True, exist_ok=True)
    page = BUILD / "page.html.gz"
    page.write_bytes(gzip.compress(PAGE, mtime=0))
    flags = f"-O1 -g -fno-omit-frame-pointer -Werror -fsanitize={SANITIZER}"
    if "undefined" in SANITIZER:
        flags += " -fno-sanitize-recover=undefined"
    configure = ["cmake", "-S", HERE, "-B", BUILD, f"-DCMAKE_C_FLAGS={flags}"]
    subprocess.run([*configure, f"-DWEBREPL_PAGE={page}"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", BUILD, "-j2"], check=True, stdout=subprocess.DEVNULL)
    # A copy: another run may build anew while this one goes on.
    return Path(shutil.copy2(BUILD / "firmware", tmp_path_factory.mktemp("program")))


@pytest.fixture
def start(program: Path, tmp_path: Path) -> Iterator[Callable[..., Firmware]]:
    """Starts firmwares with options of their own, in an empty folder; ends them after the test."""
    running: list[Firmware] = []

    def _start(**options: object) -> Firmware:
        firmware = Firmware(program, tmp_path, options)
        running.append(firmware)
        return firmware

    yield _start
    try:
        for firmware in running:
            firmware.finish()
    finally:
        for firmware in running:
            firmware.kill()


@pytest.fixture
def firmware(start: Callable[..., Firmware]) -> Firmware:
    """A firmware whose password is `secret`."""
    return start(password="secret")
