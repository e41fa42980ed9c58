# SPDX-License-Identifier: MIT
"""Builds the firmware with sanitizers, and starts it for tests.

WEBREPL_TEST_SANITIZER=thread builds with ThreadSanitizer instead of AddressSanitizer and UBSan.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.process import build_folder, build_program, each_judged

from .firmware import EDITOR, PAGE, Firmware

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built firmware with a page and an editor for tests, because the real ones need Node."""
    build_folder(HERE).mkdir(parents=True, exist_ok=True)
    page = build_folder(HERE) / "page.html.gz"
    page.write_bytes(gzip.compress(PAGE, mtime=0))
    page.with_name("editor.js.gz").write_bytes(gzip.compress(EDITOR, mtime=0))
    built = build_program(HERE, "firmware", f"-DWEBREPL_PAGE={page}")
    # A copy, because another run may build again meanwhile.
    return Path(shutil.copy2(built, tmp_path_factory.mktemp("program")))


@pytest.fixture
def start(program: Path, tmp_path: Path) -> Iterator[Callable[..., Firmware]]:
    """Starts firmwares with their own options in an empty folder, and ends them after the test."""
    with each_judged(lambda **options: Firmware(program, tmp_path, options)) as start:
        yield start


@pytest.fixture
def firmware(start: Callable[..., Firmware]) -> Firmware:
    """A firmware whose password is `secret`."""
    return start(password="secret")
