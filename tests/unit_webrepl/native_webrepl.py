# SPDX-License-Identifier: MIT
"""The machines of components/webrepl."""

from __future__ import annotations

from pathlib import Path

from tests.support.paths import ROOT
from tests.support.sanitized import Extension, expanded

WEBREPL = ROOT / "components" / "webrepl"
UHTTPD = ROOT / "components" / "uhttpd"
NAMES = [
    *("terminal/utf8", "terminal/ring", "terminal/framing", "login", "errcode"),
    *("classic/classic", "classic/file_work"),
    *("second/message", "second/request", "second/reply", "second/proof"),
]
STORAGE = UHTTPD / "include" / "uhttpd_storage.h"

OPAQUE = """
    typedef struct uhttpd_claim uhttpd_claim_t;
    typedef struct uhttpd_upload uhttpd_upload_t;
    bool uhttpd_name_is_temporary(const char *name);
    bool uhttpd_path_is_temporary(const char *path);
"""

CALLBACKS = """
    extern "Python" {
        int py_stat(const char *path, uhttpd_file_info_t *info);
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
        UHTTPD / "include" / "uhttpd_digest.h",
        UHTTPD / "src" / "files" / "change.h",
        *(WEBREPL / "src" / f"{name}.h" for name in NAMES),
    ],
    sources=[
        *(WEBREPL / "src" / f"{name}.c" for name in NAMES),
        *(
            UHTTPD / "src" / name
            for name in (
                *(
                    "files/claim.c",
                    "files/directory.c",
                    "files/identity.c",
                ),
                *(
                    "files/refusal.c",
                    "files/replace.c",
                    "files/storage_posix.c",
                    "files/temporary.c",
                ),
                "files/upload.c",
                *("port/storage_linux.c", "port/posix.c", "port/digest_md.c", "http/text.c"),
            )
        ),
    ],
    includes=[
        WEBREPL / "src",
        WEBREPL / "include",
        UHTTPD / "src",
        UHTTPD / "include",
        ROOT / "host" / "include",
    ],
    public=STORAGE,
    before=OPAQUE + expanded(WEBREPL / "src" / "second" / "types.h"),
    after=CALLBACKS,
    libraries=["-lmbedcrypto"],
)

if __name__ == "__main__":
    MACHINES.build()
