/* SPDX-License-Identifier: MIT */

/*
 * A soft reset ends servers in good order before it takes the threads and the memory they work with: linked in place of
 * the port's mp_thread_deinit(), which kills threads wherever they are.
 */
#include "py/mpthread.h"

#include "esp_system.h"
#include "glue/terminal.h"
#include "glue/uhttpd_glue.h"

void __real_mp_thread_deinit(void);
void __wrap_mp_thread_deinit(void);

void __wrap_mp_thread_deinit(void)
{
    static const char last_words[] = "MPY: soft reboot\r\n"; /* the port says so when the network has gone */
    glue_terminal_write(last_words, sizeof(last_words) - 1);
    glue_terminal_flush();
    /* A callback that cannot be ended works in memory that is about to be freed: rather a reset of the whole chip. */
    if (!glue_deinit() || !glue_terminal_deinit()) {
        esp_restart();
    }
    __real_mp_thread_deinit();
}
