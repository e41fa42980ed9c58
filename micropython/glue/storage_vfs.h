/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_storage.h"

/**
 * @brief MicroPython's VFS, with everything that is mounted in it. For Python threads that do not hold the GIL.
 *
 * Only one operation runs at a time, so that a block device in Python, which releases the GIL, is not entered twice.
 * Files and directories that are open are known to the collector; their owners close them, at the latest when a server
 * stops, and that is before a soft reset.
 */
extern const uhttpd_storage_t glue_storage_vfs;

/** @brief The thread that may have had its turn was killed. */
void glue_storage_forget_turn(void);
