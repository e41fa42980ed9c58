/* SPDX-License-Identifier: MIT */
/* Output to the terminal and to the network. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "py/mphal.h"
#include "py/mpprint.h"
#include "py/mpstate.h"
#include "py/mpthread.h"

#include "desktop.h"
#include "glue/terminal.h"

static ssize_t write_releasing_gil(int fd, const char *str, size_t len)
{
    /* A finaliser prints: no other thread may touch the heap before the collection is over. */
    bool collecting = MP_STATE_THREAD(gc_lock_depth) > 0;
    if (!collecting) {
        MP_THREAD_GIL_EXIT();
    }
    ssize_t done = desktop_local_write(fd, str, len);
    int error = errno;
    if (!collecting) {
        MP_THREAD_GIL_ENTER();
    }
    errno = error;
    return done;
}

/* Writes a piece that does not end within a character, because the rest might come too late for network clients. */
static ssize_t write_characters(int fd, const char *str, size_t len)
{
    ssize_t done = write_releasing_gil(fd, str, len);
    ssize_t more = done;
    while (more > 0 && (size_t)done < len && (str[done] & 0xc0) == 0x80) {
        more = write_releasing_gil(fd, str + done, 1);
        done += more > 0 ? more : 0;
    }
    return done;
}

static void write_elsewhere(const char *str, size_t len)
{
    glue_terminal_write(str, len);
    desktop_dupterm_write(str, len);
}

/* With "\n" written as "\r\n". */
static void write_elsewhere_cooked(const char *str, size_t len)
{
    const char *end = str + len;
    const char *newline;
    while (str < end && (newline = memchr(str, '\n', (size_t)(end - str))) != NULL) {
        bool has_return = newline > str && newline[-1] == '\r';
        write_elsewhere(str, (size_t)(newline - str));
        write_elsewhere(has_return ? "\n" : "\r\n", has_return ? 1 : 2);
        str = newline + 1;
    }
    write_elsewhere(str, (size_t)(end - str));
}

ssize_t desktop_write(int fd, const char *str, size_t len, bool cooked)
{
    ssize_t done = write_characters(fd, str, len);
    if (done < 0 && errno != EINTR && glue_terminal_connected()) {
        /* A network client keeps reading when the other reader has gone. */
        done = (ssize_t)len;
    }
    if (done > 0) {
        if (cooked) {
            write_elsewhere_cooked(str, (size_t)done);
        } else {
            write_elsewhere(str, (size_t)done);
        }
    }
    return done;
}

/* The REPL's output is printed completely, and not just to the network because the terminal has gone. */
static size_t write_all(int fd, const char *str, size_t len, bool cooked)
{
    size_t written = 0;
    while (written < len) {
        ssize_t done = write_releasing_gil(fd, str + written, len - written);
        if (done < 0 && errno != EINTR) {
            break;
        }
        written += done > 0 ? (size_t)done : 0;
    }
    if (cooked) {
        write_elsewhere_cooked(str, len);
    } else {
        write_elsewhere(str, len);
    }
    return written;
}

mp_uint_t __wrap_mp_hal_stdout_tx_strn(const char *str, size_t len)
{
    return write_all(STDOUT_FILENO, str, len, false);
}

void __wrap_mp_hal_stdout_tx_strn_cooked(const char *str, size_t len)
{
    write_all(STDOUT_FILENO, str, len, true);
}

void __wrap_mp_hal_stdout_tx_str(const char *str)
{
    write_all(STDOUT_FILENO, str, strlen(str), false);
}

static void print_error(void *env, const char *str, size_t len)
{
    (void)env;
    write_all(STDERR_FILENO, str, len, true);
}

extern const mp_print_t __wrap_mp_stderr_print;
const mp_print_t __wrap_mp_stderr_print = {NULL, print_error};
