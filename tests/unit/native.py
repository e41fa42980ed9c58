# SPDX-License-Identifier: MIT
"""The parsers of components/uhttpd. They do not allocate."""

from __future__ import annotations

import re
from pathlib import Path

from sanitized import ROOT, Extension

UHTTPD = ROOT / "components" / "uhttpd"
SOURCES = {  # by header
    "authority.h": "authority.c",
    "chunked.h": "chunked.c",
    "cookie.h": "cookie.c",
    "digest.h": "files/digest.c",
    "disposition.h": "files/disposition.c",
    "event_format.h": "events/format.c",
    "event_ring.h": "events/ring.c",
    "file_path.h": "files/path.c",
    "file_status.h": "files/status.c",
    "head.h": "head.c",
    "multipart.h": "files/multipart.c",
    "origin.h": "origin.c",
    "pace.h": "pace.c",
    "parameters.h": "files/parameters.c",
    "uhttpd_query.h": "query.c",
    "secret.h": "secret.c",
    "token.h": "token.c",
    "utf8.h": "utf8.c",
    "ws_codec.h": "websocket/codec.c",
    "ws_handshake.h": "websocket/handshake.c",
}
PUBLIC = UHTTPD / "include" / "uhttpd.h"


def methods() -> str:
    """What parsers use of the public header, which cffi could not read as a whole."""
    found = re.search(r"typedef enum \{[^}]*\} uhttpd_method_t;", PUBLIC.read_text())
    assert found, f"no uhttpd_method_t in {PUBLIC}"
    return found.group()


PARSERS = Extension(
    script=Path(__file__),
    name="uhttpd_parsers",
    headers=[next(UHTTPD.glob(f"*include/{name}")) for name in SOURCES],
    sources=[UHTTPD / "src" / name for name in SOURCES.values()],
    includes=[UHTTPD / "private_include", UHTTPD / "include", ROOT / "host" / "include"],
    public=PUBLIC,
    before=methods(),
    libraries=["-lmbedcrypto"],
)

if __name__ == "__main__":
    PARSERS.build()
