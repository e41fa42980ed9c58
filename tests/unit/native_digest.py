# SPDX-License-Identifier: MIT
"""The two sources of digests, an extension each: Mbed TLS's own functions, and PSA Crypto."""

from __future__ import annotations

from pathlib import Path

from tests.support.paths import ROOT
from tests.support.sanitized import Extension

UHTTPD = ROOT / "components" / "uhttpd"
HEADER = UHTTPD / "include" / "uhttpd_digest.h"

DIGESTS = {
    name: Extension(
        script=Path(__file__),
        name=f"uhttpd_digest_{name}",
        headers=[HEADER],
        sources=[UHTTPD / "src" / "port" / f"digest_{name}.c"],
        includes=[UHTTPD / "include"],
        public=HEADER,
        before="",
        libraries=["-lmbedcrypto"],
    )
    for name in ("md", "psa")
}

if __name__ == "__main__":
    for extension in DIGESTS.values():
        extension.build()
