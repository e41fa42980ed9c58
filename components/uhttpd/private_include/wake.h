/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/**
 * @file
 * A descriptor that select() sees and any task can make readable: `src/port/wake_eventfd.c` on chips, where it costs no
 * socket, `src/port/wake_pipe.c` on ESP-IDF's linux target.
 */
typedef struct {
    int read_fd, write_fd;
} wake_t;

bool wake_open(wake_t *wake);
void wake_close(wake_t *wake);
void wake_signal(wake_t *wake);
void wake_clear(wake_t *wake);

static inline int wake_fd(const wake_t *wake)
{
    return wake->read_fd;
}
