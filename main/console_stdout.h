/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @brief Has what this task prints to stdout appear in the console, for commands that know nothing of it. On a chip
 *        (`console_stdout_chip.c`), where every task has a stdout of its own; elsewhere it does nothing.
 */
void console_stdout_redirect(void);
