# SPDX-License-Identifier: MIT
"""The machines of components/webrepl."""

from __future__ import annotations

import re
from pathlib import Path

from sanitized import ROOT, Extension

WEBREPL = ROOT / "components" / "webrepl"
UHTTPD = ROOT / "components" / "uhttpd"
NAMES = ["utf8", "ring", "framing", "login", "errcode", "classic", "file_work"]
PUBLIC = WEBREPL / "include" / "webrepl.h"

CALLBACKS = """
    extern const webrepl_files_t webrepl_posix_files;
    extern "Python" {
        int py_open(const char *path, bool write, void **file);
        int py_read(void *file, void *buf, size_t size, size_t *got);
        int py_write(void *file, const void *buf, size_t len);
        int py_close(void *file);
        int py_rename(const char *from, const char *to);
        int py_remove(const char *path);
    }
"""


def files() -> str:
    """What machines use of the public header, which cffi could not read as a whole."""
    found = re.search(r"typedef struct \{[^}]*\} webrepl_files_t;", PUBLIC.read_text())
    assert found, f"no webrepl_files_t in {PUBLIC}"
    return found.group()


MACHINES = Extension(
    script=Path(__file__),
    name="webrepl_machines",
    headers=[WEBREPL / "private_include" / f"{name}.h" for name in NAMES],
    sources=[WEBREPL / "src" / f"{name}.c" for name in [*NAMES, "files_posix"]],
    includes=[
        WEBREPL / "private_include",
        WEBREPL / "include",
        UHTTPD / "include",
        ROOT / "host" / "include",
    ],
    public=PUBLIC,
    before=files(),
    after=CALLBACKS,
)

if __name__ == "__main__":
    MACHINES.build()
