/* SPDX-License-Identifier: MIT */
#pragma once

/** @file What gil.c needs from a port, beside its place in the linker's command. */

/** @brief Threads were killed wherever they were, perhaps while they waited for the GIL. Whoever has it says so. */
void glue_gil_forget_threads(void);
