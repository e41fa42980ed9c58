/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <stddef.h>

#include "sdkconfig.h"

#ifndef CONFIG_FIRMWARE_FILES_PUBLIC /* Kconfig's value for no */
#define CONFIG_FIRMWARE_FILES_PUBLIC 0
#endif

uint16_t settings_port(void)
{
    return CONFIG_FIRMWARE_HTTP_PORT;
}

const char *settings_console_password(void)
{
    return CONFIG_FIRMWARE_CONSOLE_PASSWORD[0] ? CONFIG_FIRMWARE_CONSOLE_PASSWORD : NULL;
}

bool settings_files_are_public(void)
{
    return CONFIG_FIRMWARE_FILES_PUBLIC;
}

const char *settings_data_folder(void)
{
    return "/data";
}

uint32_t settings_console_stack(void)
{
    return CONFIG_FIRMWARE_CONSOLE_STACK_BYTES;
}
