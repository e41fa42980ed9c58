/* SPDX-License-Identifier: MIT */
#include "console_runner.h"

#include <string.h>

#include "commands.h"

#define MAX_ARGUMENTS 16
#define BLANKS " \t"

esp_err_t console_runner_init(void)
{
    return ESP_OK;
}

void console_runner_enter_task(void)
{
}

esp_err_t console_runner_run(char *line)
{
    char *arguments[MAX_ARGUMENTS + 1] = {0};
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, BLANKS, &rest); word && count < MAX_ARGUMENTS;
         word = strtok_r(NULL, BLANKS, &rest)) {
        arguments[count++] = word;
    }
    if (!count) {
        return ESP_ERR_INVALID_ARG;
    }
    for (size_t i = 0; i < g_command_count; i++) {
        if (strcmp(g_commands[i].name, arguments[0]) == 0) {
            g_commands[i].run(count, arguments);
            return ESP_OK;
        }
    }
    return ESP_ERR_NOT_FOUND;
}
