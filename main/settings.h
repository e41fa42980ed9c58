/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * Settings by the person who builds or starts the firmware: `settings_kconfig.c` on chips, `settings_environment.c`
 * where a process has an environment. Strings live for ever.
 */

/** @brief TCP port of the server; 0 takes a free one. */
uint16_t settings_port(void);

/** @brief Password of the console and the files; NULL: there is no console, and files can only be read. */
const char *settings_console_password(void);

/** @brief Whether files can be read without the password of the console. */
bool settings_files_are_public(void);

/** @brief The folder that holds the user's files, without a slash at its end. */
const char *settings_data_folder(void);

/** @brief Bytes of stack for the console's task. */
uint32_t settings_console_stack(void);
