/* SPDX-License-Identifier: MIT */
/*
 * Writes to the terminal or pipe that the program was started from. A stopped terminal or a full pipe may block a
 * program that has no other listener, but not the REPL of a network client.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desktop.h"
#include "glue/terminal.h"

#define STALL_MS 500 /* a reader that takes nothing for this long has stalled, and gets no more until it reads again */
#define LOOK_MS 50   /* how soon a session that begins meanwhile is noticed */

static int s_own[3] = {-1, -1, -1}; /* descriptors of our own, that do not block */
static bool s_stalled;

/* O_NONBLOCK belongs to the open file, which the shell shares, so the file is opened again. Sockets cannot be. */
static int open_anew(int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !(S_ISFIFO(info.st_mode) || isatty(fd))) {
        return -1; /* the others never block for long */
    }
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void desktop_local_init(void)
{
    s_own[STDOUT_FILENO] = open_anew(STDOUT_FILENO);
    s_own[STDERR_FILENO] = open_anew(STDERR_FILENO);
}

/* @return true when there is no point in waiting any longer. */
static bool gives_up(int waited_ms)
{
    return glue_terminal_connected() && (s_stalled || waited_ms >= STALL_MS);
}

ssize_t desktop_local_write(int fd, const char *str, size_t len)
{
    int own = fd >= 0 && fd <= STDERR_FILENO ? s_own[fd] : -1;
    if (own < 0) {
        return write(fd, str, len);
    }
    for (int waited_ms = 0;; waited_ms += LOOK_MS) {
        ssize_t done = write(own, str, len);
        if (done >= 0 || errno != EAGAIN) {
            s_stalled = s_stalled && done < 0;
            return done;
        }
        if (gives_up(waited_ms)) {
            s_stalled = true;
            return (ssize_t)len;
        }
        struct pollfd room = {.fd = own, .events = POLLOUT};
        if (poll(&room, 1, LOOK_MS) < 0) {
            return -1;
        }
    }
}
