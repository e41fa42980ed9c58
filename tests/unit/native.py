# SPDX-License-Identifier: MIT
"""The parsers of components/uhttpd. They do not allocate."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.sanitized import Extension, expanded

UHTTPD = ROOT / "components" / "uhttpd"
SOURCES = {  # by header
    "uhttpd_digest.h": "port/digest_md.c",
    **{
        f"{name}.h": f"{name}.c"
        for name in (
            *("http/chunked", "http/fields", "http/head", "http/host"),
            *("http/multipart", "http/status", "http/text", "http/pattern", "http/validators"),
            *("files/path", "files/refusal"),
            *("events/event", "websocket/handshake", "guesses", "pace"),
        )
    },
    "uhttpd_json.h": "http/json.c",
    "uhttpd_query.h": "http/query.c",
    "uhttpd_settings.h": "http/settings.c",
    "uhttpd_ws_codec.h": "websocket/codec.c",
}
PUBLIC = UHTTPD / "include" / "uhttpd_files.h"


def declaration(header: str, name: str) -> str:
    """The part of a public header that parsers use. cffi cannot read the whole header."""
    text = expanded(UHTTPD / "include" / header)
    found = re.search(rf"typedef (enum|struct) \{{[^}}]*\}} {name};", text)
    assert found, f"no {name} in {header}"
    return found.group()


PARSERS = Extension(
    script=Path(__file__),
    name="uhttpd_parsers",
    headers=[
        UHTTPD / ("include" if name.startswith("uhttpd") else "src") / name for name in SOURCES
    ],
    sources=[UHTTPD / "src" / name for name in (*SOURCES.values(), "http/method.c")],
    includes=[UHTTPD / "src", UHTTPD / "include", ROOT / "host" / "include"],
    public=PUBLIC,
    before=declaration("uhttpd.h", "uhttpd_method_t")
    + declaration("uhttpd.h", "uhttpd_param_t")
    + "const char *uhttpd_url_fault(const char *url);"
    + declaration("uhttpd_files.h", "uhttpd_mime_t"),
    libraries=["-lmbedcrypto"],
)

if __name__ == "__main__":
    PARSERS.build()
