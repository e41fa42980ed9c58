# SPDX-License-Identifier: MIT
"""Each part of the tree knows only those below it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)

BELOW = {
    "host": [],
    "components/uhttpd": [],
    "components/webrepl": ["components/uhttpd"],
    "main": ["components/uhttpd", "components/webrepl"],
}
PARTS = [*BELOW, "micropython"]


def sources(part: str) -> list[Path]:
    """The C files of a part, except the one between the server and host/."""
    files = [path for path in (ROOT / part).rglob("*") if path.suffix in (".c", ".h")]
    return [path for path in files if path.name != "engine_host.c"]


def spelling(header: Path) -> str:
    """The path by which sources include a header."""
    parts = header.parts
    roots = [at for at, name in enumerate(parts) if name in ("include", "src", "stubs")]
    return "/".join(parts[roots[-1] + 1 :]) if roots else header.name


def headers(part: str) -> set[str]:
    """The headers of a part. Most of host's replace ESP-IDF's, which every part may include."""
    if part == "host":
        return {"esp_http_server_host.h", "hs_engine.h", "toolchain.h"}
    return {spelling(path.relative_to(ROOT)) for path in sources(part) if path.suffix == ".h"}


@pytest.mark.parametrize("part", BELOW)
def test_no_part_includes_what_is_above_or_beside_it(part: str) -> None:
    known = headers(part).union(*(headers(lower) for lower in BELOW[part]))
    others = set().union(*(headers(other) for other in PARTS)) - known
    for path in sources(part):
        names = set(INCLUDE.findall(path.read_text()))
        assert not names & others, path


@pytest.mark.parametrize("part", BELOW)
def test_only_the_binding_includes_micropython(part: str) -> None:
    for path in sources(part):
        names = INCLUDE.findall(path.read_text())
        assert not [name for name in names if name.startswith(("py/", "extmod/", "shared/"))], path
