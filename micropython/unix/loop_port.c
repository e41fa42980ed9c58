/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "glue/uhttpd_glue.h"

static int s_pipe[2] = {-1, -1};

int glue_port_loop_fd(void)
{
    if (s_pipe[0] < 0 && pipe2(s_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        s_pipe[0] = s_pipe[1] = -1; /* then polls look by themselves */
    }
    return s_pipe[0];
}

void glue_port_loop_signal(bool readable)
{
    char byte = 0;
    if (glue_port_loop_fd() >= 0) {
        ssize_t moved = readable ? write(s_pipe[1], &byte, 1) : read(s_pipe[0], &byte, 1);
        (void)moved; /* there is one byte at most, so neither can fail */
    }
}
