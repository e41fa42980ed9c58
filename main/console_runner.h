/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "esp_err.h"

/**
 * @file
 * Finds and runs the command of a line: esp_console (`console_runner_idf.c`), so that commands of other components work
 * too, or the table alone on a desktop (`console_runner_desktop.c`). For console.c.
 */
#define CONSOLE_LINE_SIZE 256 /* bytes of a line, its NUL included */

/** @brief Once, before anything else. @return ESP_OK, ESP_ERR_NO_MEM */
esp_err_t console_runner_init(void);

/** @brief Called first in the console's task. */
void console_runner_enter_task(void);

/** @return ESP_OK when a command has run, ESP_ERR_INVALID_ARG for a blank line, ESP_ERR_NOT_FOUND, ESP_ERR_NO_MEM */
esp_err_t console_runner_run(char *line);
