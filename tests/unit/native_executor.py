# SPDX-License-Identifier: MIT
"""The queue of jobs, without a server."""

from __future__ import annotations

from pathlib import Path

from tests.support.paths import ROOT
from tests.support.sanitized import Extension

UHTTPD = ROOT / "components" / "uhttpd"

DECLARATIONS = """
    typedef int esp_err_t;
    typedef ... *uhttpd_os_mutex_t;
    typedef ... *uhttpd_os_sem_t;
    typedef ... *uhttpd_os_task_t;
    typedef ... uhttpd_os_task_config_t;
    typedef ... uh_io_source_t;
    typedef int... atomic_uint;
    typedef struct uhttpd_job {
        void (*run)(struct uhttpd_job *job, bool cancelled);
        struct uhttpd_job *next;
        uint64_t from;
        uint32_t refusable_at;
    } uhttpd_job_t;
"""

EXECUTOR = Extension(
    script=Path(__file__),
    name="uhttpd_executor",
    headers=[UHTTPD / "src" / "executor.h"],
    sources=[UHTTPD / "src" / "executor.c", UHTTPD / "src" / "port" / "posix.c"],
    includes=[UHTTPD / "src", UHTTPD / "include", ROOT / "host" / "include"],
    public=UHTTPD / "include" / "uhttpd.h",
    before=DECLARATIONS,
    after='extern "Python+C" void uh_io_wake(uh_io_source_t *source);',
)

if __name__ == "__main__":
    EXECUTOR.build()
