/* SPDX-License-Identifier: MIT */
/* A terminal on a stream of the program: os.dupterm(), as on boards. */

#include "py/mpstate.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "extmod/misc.h"
#include "shared/runtime/interrupt_char.h"

#include "desktop.h"
#include "glue/inner_stream.h"

/* What extmod compares input with. It never fits: an interrupt is desktop_interrupt()'s. */
int mp_interrupt_char __attribute__((weak)) = -1;

static int s_fd = -1; /* of the stream that is attached; -1: it has none */

bool desktop_dupterm_attached(void)
{
    return MP_STATE_VM(dupterm_objs)[0] != MP_OBJ_NULL;
}

int desktop_dupterm_fd(void)
{
    return desktop_dupterm_attached() ? s_fd : -1;
}

/* os.dupterm() calls this, in any thread. Threads that wait for input then look at the new stream. */
void mp_os_dupterm_stream_detached_attached(mp_obj_t detached, mp_obj_t attached)
{
    (void)detached;
    if (s_fd >= 0) {
        desktop_input_watch(s_fd, false);
    }
    s_fd = attached == mp_const_none ? -1 : glue_inner_stream_descriptor(attached);
    if (s_fd >= 0) {
        desktop_input_watch(s_fd, true);
    }
    desktop_wake_input();
}

bool desktop_dupterm_read(uint8_t *byte)
{
    while (desktop_dupterm_attached()) {
        int typed = mp_os_dupterm_rx_chr();
        if (typed < 0) {
            return false;
        }
        *byte = (uint8_t)typed;
        if (!desktop_interrupt(*byte)) {
            return true;
        }
    }
    return false;
}

bool desktop_dupterm_has_more(void)
{
    return mp_os_dupterm_poll(MP_STREAM_POLL_RD) != 0;
}

void desktop_dupterm_write(const char *str, size_t len)
{
    bool collecting = MP_STATE_THREAD(gc_lock_depth) > 0;
    if (len > 0 && !collecting && desktop_dupterm_attached()) {
        mp_os_dupterm_tx_strn(str, len);
    }
}
