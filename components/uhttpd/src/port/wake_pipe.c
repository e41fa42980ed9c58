/* SPDX-License-Identifier: MIT */
#include "port/port.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool uh_wake_open(uh_wake_t *wake)
{
    int fds[2];
    if (pipe(fds)) {
        return false;
    }
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    fcntl(fds[1], F_SETFL, O_NONBLOCK);
    *wake = (uh_wake_t) {.read_fd = fds[0], .write_fd = fds[1]};
    return true;
}

void uh_wake_close(uh_wake_t *wake)
{
    close(wake->read_fd);
    close(wake->write_fd);
}

void uh_wake_signal(uh_wake_t *wake)
{
    while (write(wake->write_fd, "", 1) < 0 && errno == EINTR) {
    }
}

void uh_wake_clear(uh_wake_t *wake)
{
    char bin[16];
    while (read(wake->read_fd, bin, sizeof(bin)) > 0 || errno == EINTR) {
        errno = 0;
    }
}
