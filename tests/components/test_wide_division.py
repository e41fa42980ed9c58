# SPDX-License-Identifier: MIT
"""What runs for every byte divides no 64-bit numbers, which a chip does in software.

A search for an event's id once did, under a lock, in the task that all connections wait for.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.symbols import used_names

FOR_EVERY_BYTE = [
    *("uhttpd/src/events/event.c", "uhttpd/src/http/multipart.c", "uhttpd/src/http/chunked.c"),
    *(
        "uhttpd/src/websocket/codec.c",
        "webrepl/src/terminal/ring.c",
        "webrepl/src/terminal/utf8.c",
    ),
]


def compiled(source: str, folder: Path) -> Path:
    """Compiles a file for 32 bits, with this computer's headers."""
    stubs = folder / "gnu" / "stubs-32.h"  # Debian has it in a package for 32-bit programs
    stubs.parent.mkdir()
    stubs.touch()
    command = ["gcc", "-m32", "-O1", "-c", ROOT / "components" / source, "-o", folder / "object.o"]
    folders = ["host/include", "host/engine"]
    for component in ("uhttpd", "webrepl"):
        folders += [f"components/{component}/{part}" for part in ("include", "src")]
    multiarch = subprocess.check_output(["gcc", "-print-multiarch"], text=True).strip()
    command += [f"-I{ROOT / name}" for name in folders]
    command += ["-isystem", folder, "-isystem", f"/usr/include/{multiarch}"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if "-m32" in done.stderr:
        pytest.skip("this compiler knows no computer with 32 bits")
    assert done.returncode == 0, done.stderr
    return folder / "object.o"


@pytest.mark.parametrize("source", FOR_EVERY_BYTE)
def test_none_is_compiled_in(source: str, tmp_path: Path) -> None:
    used = used_names([compiled(source, tmp_path)])
    assert not used & {"__udivdi3", "__umoddi3", "__divdi3", "__moddi3", "__udivmoddi4"}
