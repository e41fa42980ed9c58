# SPDX-License-Identifier: MIT
"""The parsers of components/uhttpd. They do not allocate."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.sanitized import ROOT, Extension

UHTTPD = ROOT / "components" / "uhttpd"
SOURCES = {  # by header
    "accept_encoding.h": "files/accept_encoding.c",
    "authority.h": "authority.c",
    "chunked.h": "chunked.c",
    "conditions.h": "files/conditions.c",
    "cookie.h": "cookie.c",
    "destination.h": "files/destination.c",
    "digest.h": "files/digest.c",
    "disposition.h": "files/disposition.c",
    "etag.h": "files/etag.c",
    "event_format.h": "events/format.c",
    "event_ring.h": "events/ring.c",
    "file_path.h": "files/path.c",
    "file_status.h": "files/status.c",
    "file_temporary.h": "files/temporary.c",
    "head.h": "head.c",
    "http_date.h": "http_date.c",
    "json_text.h": "files/json_text.c",
    "mime.h": "files/mime.c",
    "multipart.h": "files/multipart.c",
    "number.h": "number.c",
    "origin.h": "origin.c",
    "pace.h": "pace.c",
    "parameters.h": "files/parameters.c",
    "range.h": "files/range.c",
    "secret.h": "secret.c",
    "status.h": "status.c",
    "token.h": "token.c",
    "uhttpd_query.h": "query.c",
    "utf8.h": "utf8.c",
    "uhttpd_ws_codec.h": "websocket/codec.c",
    "ws_handshake.h": "websocket/handshake.c",
}
PUBLIC = UHTTPD / "include" / "uhttpd_files.h"


def declaration(header: str, name: str) -> str:
    """What parsers use of a public header, which cffi could not read as a whole."""
    text = (UHTTPD / "include" / header).read_text()
    found = re.search(rf"typedef (enum|struct) \{{[^}}]*\}} {name};", text)
    assert found, f"no {name} in {header}"
    return found.group()


PARSERS = Extension(
    script=Path(__file__),
    name="uhttpd_parsers",
    headers=[next(UHTTPD.glob(f"*include/{name}")) for name in SOURCES],
    sources=[UHTTPD / "src" / name for name in SOURCES.values()],
    includes=[UHTTPD / "private_include", UHTTPD / "include", ROOT / "host" / "include"],
    public=PUBLIC,
    before=declaration("uhttpd.h", "uhttpd_method_t")
    + declaration("uhttpd_files.h", "uhttpd_mime_t"),
    libraries=["-lmbedcrypto"],
)

if __name__ == "__main__":
    PARSERS.build()
