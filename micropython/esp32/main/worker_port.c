/* SPDX-License-Identifier: MIT */
#include "glue/uhttpd_glue.h"

/* Nobody need be woken: whatever waits in this port looks for exceptions and scheduled functions at every tick. */

uintptr_t glue_port_thread(void)
{
    return 0;
}

void glue_port_wake(uintptr_t thread)
{
    (void)thread;
}

void glue_port_wake_main(void)
{
}

int glue_port_loop_fd(void)
{
    return -1;
}

void glue_port_loop_signal(bool readable)
{
    (void)readable;
}
