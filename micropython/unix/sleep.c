/* SPDX-License-Identifier: MIT */
/* Waiting without the GIL, so that callbacks run meanwhile. The port does so since 1.27. */

#include <unistd.h>

#include "py/mpthread.h"
#include "py/runtime.h"

void __wrap_mp_event_wait_ms(mp_uint_t timeout_ms);
void __wrap_mp_event_wait_indefinite(void);

/* Nothing can wake the caller from here, so it waits a moment and looks again. */
void __wrap_mp_event_wait_ms(mp_uint_t timeout_ms)
{
    (void)timeout_ms;
    mp_event_handle_nowait();
    MP_THREAD_GIL_EXIT();
    usleep(500);
    MP_THREAD_GIL_ENTER();
}

void __wrap_mp_event_wait_indefinite(void)
{
    __wrap_mp_event_wait_ms(0);
}
