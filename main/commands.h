/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/**
 * @file
 * The console's commands, as esp_console wants them; the desktop runs the same table.
 */
typedef struct {
    const char *name;
    const char *arguments; /*!< for help; NULL: none */
    const char *help;
    int (*run)(int argc, char **argv); /*!< in the console's task; may block. @return 0, or 1 when it has said what is
                                            wrong */
} command_t;

extern const command_t g_commands[];
extern const size_t g_command_count;

/** @name Commands about files (commands_files.c)
 *  @{ */
int command_ls(int argc, char **argv);
int command_cat(int argc, char **argv);
int command_rm(int argc, char **argv);
/** @} */
