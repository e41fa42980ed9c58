/* SPDX-License-Identifier: MIT */
#pragma once

/** @brief Threads were killed, perhaps while they waited for the GIL. For the one that has it. */
void glue_gil_forget_threads(void);
