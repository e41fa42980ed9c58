/* SPDX-License-Identifier: MIT */
#include "console_runner.h"

#include "commands.h"
#include "console_stdout.h"
#include "esp_check.h"
#include "esp_console.h"

static const char *TAG = "console";

esp_err_t console_runner_init(void)
{
    const esp_console_config_t config = {.max_cmdline_length = CONSOLE_LINE_SIZE, .max_cmdline_args = 16};
    ESP_RETURN_ON_ERROR(esp_console_init(&config), TAG, "no memory");
    for (size_t i = 0; i < g_command_count; i++) {
        const esp_console_cmd_t command = {
            .command = g_commands[i].name,
            .hint = g_commands[i].arguments,
            .help = g_commands[i].help,
            .func = g_commands[i].run,
        };
        ESP_RETURN_ON_ERROR(esp_console_cmd_register(&command), TAG, "no memory for %s", command.command);
    }
    return ESP_OK;
}

void console_runner_enter_task(void)
{
    console_stdout_redirect();
}

esp_err_t console_runner_run(char *line)
{
    int result;
    return esp_console_run(line, &result);
}
