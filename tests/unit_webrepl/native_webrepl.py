# SPDX-License-Identifier: MIT
"""The machines of components/webrepl."""

from __future__ import annotations

from pathlib import Path

from tests.support.sanitized import ROOT, Extension, expanded

WEBREPL = ROOT / "components" / "webrepl"
UHTTPD = ROOT / "components" / "uhttpd"
NAMES = ["utf8", "ring", "framing", "login", "errcode", "classic", "file_work"]
SECOND = ["message", "request", "reply", "proof"]
STORAGE = UHTTPD / "include" / "uhttpd_storage.h"

CALLBACKS = """
    extern "Python" {
        int py_open(const char *path, uhttpd_file_mode_t mode, void **file);
        int py_read(void *file, void *buf, size_t size, size_t *got);
        int py_write(void *file, const void *buf, size_t len);
        int py_close(void *file);
        int py_rename(const char *from, const char *to);
        int py_remove(const char *path);
    }
"""


MACHINES = Extension(
    script=Path(__file__),
    name="webrepl_machines",
    headers=[
        STORAGE,
        UHTTPD / "include" / "uhttpd_temporary.h",
        UHTTPD / "private_include" / "file_hold.h",
        UHTTPD / "private_include" / "file_temporary.h",
        *(WEBREPL / "private_include" / f"{name}.h" for name in NAMES),
        *(WEBREPL / "private_include" / f"second_{name}.h" for name in SECOND),
    ],
    sources=[
        *(WEBREPL / "src" / f"{name}.c" for name in NAMES),
        *(WEBREPL / "src" / "second" / f"{name}.c" for name in SECOND),
        *(
            UHTTPD / "src" / name
            for name in (
                *("files/storage_posix.c", "files/hold.c", "files/temporary.c", "number.c"),
                *("port/storage_linux.c", "port/posix.c", "token.c"),
            )
        ),
    ],
    includes=[
        WEBREPL / "private_include",
        WEBREPL / "include",
        UHTTPD / "private_include",
        UHTTPD / "include",
        ROOT / "host" / "include",
    ],
    public=STORAGE,
    before=expanded(WEBREPL / "private_include" / "second_types.h"),
    after=CALLBACKS,
    libraries=["-lmbedcrypto"],
)

if __name__ == "__main__":
    MACHINES.build()
