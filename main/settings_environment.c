/* SPDX-License-Identifier: MIT */

/* FIRMWARE_PORT, FIRMWARE_PASSWORD, FIRMWARE_PUBLIC and FIRMWARE_DATA of the environment. */
#include "settings.h"

#include <stddef.h>
#include <stdlib.h>

#define DEFAULT_PORT 8080

static const char *settings_environment_value_of(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

uint16_t settings_port(void)
{
    const char *port = settings_environment_value_of("FIRMWARE_PORT");
    return port ? (uint16_t)strtoul(port, NULL, 10) : DEFAULT_PORT;
}

const char *settings_console_password(void)
{
    return settings_environment_value_of("FIRMWARE_PASSWORD");
}

bool settings_files_are_public(void)
{
    return settings_environment_value_of("FIRMWARE_PUBLIC") != NULL;
}

const char *settings_data_folder(void)
{
    const char *folder = settings_environment_value_of("FIRMWARE_DATA");
    return folder ? folder : "data";
}

uint32_t settings_console_stack(void)
{
    return 16384;
}
