/* SPDX-License-Identifier: MIT */

/*
 * Tells clients about a reset of the chip, for instance by machine.reset(), so that they can reconnect at once. Linked
 * in place of ESP-IDF's esp_restart(), because Wi-Fi may already have stopped when that calls its shutdown handlers.
 */
#include "esp_system.h"

#include "glue/uhttpd_glue.h"
#include "uhttpd_os.h"

#define LEAVE_MS 200 /* close frames leave within this time */

void __real_esp_restart(void) __attribute__((noreturn));
void __wrap_esp_restart(void) __attribute__((noreturn));

void __wrap_esp_restart(void)
{
    if (glue_serving()) {
        glue_say_good_bye();
        uhttpd_os_sleep(LEAVE_MS);
    }
    __real_esp_restart();
}
