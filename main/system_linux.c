/* SPDX-License-Identifier: MIT */
#include "system.h"

#include "esp_system.h"

const char *system_target(void)
{
    return "linux";
}

void system_restart(void)
{
    esp_restart();
}
