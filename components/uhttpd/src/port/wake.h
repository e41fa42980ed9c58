/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/**
 * @file
 * A descriptor for select() that any task can make readable: `src/port/wake_eventfd.c` on chips, where it costs no
 * socket, `src/port/wake_pipe.c` on ESP-IDF's linux target.
 */
typedef struct {
    int read_fd, write_fd;
} uh_wake_t;

bool uh_wake_open(uh_wake_t *wake);
void uh_wake_close(uh_wake_t *wake);
void uh_wake_signal(uh_wake_t *wake);
void uh_wake_clear(uh_wake_t *wake);

static inline int uh_wake_fd(const uh_wake_t *wake)
{
    return wake->read_fd;
}
