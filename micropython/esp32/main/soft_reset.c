/* SPDX-License-Identifier: MIT */

/*
 * A soft reset stops servers properly before it takes away their threads and memory. Linked in place of the port's
 * mp_thread_deinit(), which kills threads wherever they are.
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
    /* A callback that cannot be ended uses memory that is about to be freed, so the whole chip is reset instead. */
    if (!glue_deinit() || !glue_terminal_deinit()) {
        esp_restart();
    }
    __real_mp_thread_deinit();
    glue_forget_threads();
}
