/* SPDX-License-Identifier: MIT */

/* What the standard variant of the unix port has, ... */
#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)
#include "variants/mpconfigvariant_common.h"

/* ... with the rules of boards for threads: Python code runs in one at a time. */
#undef MICROPY_PY_THREAD_GIL
#define MICROPY_PY_THREAD_GIL (1)
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR (0)

/* Atomic sections of the unix port nest; with the GIL on, 1.25 does not choose the mutex that allows it. */
#define MICROPY_PY_THREAD_RECURSIVE_MUTEX (MICROPY_PY_THREAD)

/* The .mk file keeps the port from compiling its own copy; the modules use Mbed TLS all the same. */
#define MICROPY_SSL_MBEDTLS (1)

/* The interpreter's own printf family supports few formats, and would replace libc's in the libraries too. */
#define MICROPY_USE_INTERNAL_PRINTF (0)

#define MICROPY_BANNER_MACHINE "desktop with " MICROPY_PY_SYS_PLATFORM

/* printf() and its kin stay the C library's: the interpreter's own know too few formats for the other parts. */
#define MICROPY_USE_INTERNAL_PRINTF (0)

/* The window of raw-paste mode is half of this. Input has back-pressure, so it may be larger than any buffer. */
#define MICROPY_REPL_STDIN_BUFFER_MAX (4096)

/* A stream that a program puts there is a terminal too. */
#define MICROPY_PY_OS_DUPTERM (1)
#define MICROPY_PY_OS_DUPTERM_STREAM_DETACHED_ATTACHED (1)

/* A scheduled callback runs although the main thread waits for input. */
void desktop_wake_input(void);
#define MICROPY_SCHED_HOOK_SCHEDULED desktop_wake_input()

/* The prompt learns with which status a program has ended. */
void desktop_after_exec(void *exception, int *result);
#define MICROPY_BOARD_AFTER_PYTHON_EXEC(input_kind, exec_flags, exception, result) \
    desktop_after_exec((exception), (result))
