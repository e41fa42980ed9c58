# SPDX-License-Identifier: MIT
"""Random bytes for keys, on a chip whose generator has died."""

from __future__ import annotations

from pathlib import Path

from tests.support.paths import ROOT
from tests.support.sanitized import Extension

UHTTPD = ROOT / "components" / "uhttpd"
HEADER = UHTTPD / "include" / "uhttpd_random.h"

RANDOM = Extension(
    script=Path(__file__),
    name="uhttpd_random",
    headers=[HEADER],
    sources=[
        *(UHTTPD / "src" / "random.c", UHTTPD / "src" / "port" / "digest_md.c"),
        Path(__file__).with_name("dead_generator.c"),
    ],
    includes=[UHTTPD / "include", ROOT / "host" / "include"],
    public=HEADER,
    before="",
    libraries=["-lmbedcrypto"],
)

if __name__ == "__main__":
    RANDOM.build()
