/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @brief Shows in the console what this task prints to stdout, for commands that do not know the console. On a chip
 *        (`console_stdout_chip.c`), where every task has a stdout of its own; elsewhere it does nothing.
 */
void console_stdout_redirect(void);
