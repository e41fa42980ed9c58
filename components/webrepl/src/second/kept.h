/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "uhttpd.h"
#include "uhttpd_storage.h"

/**
 * @file
 * Temporary files of interrupted uploads that are kept so that they can be resumed, and for how long. Workers.
 */
#define WR_KEPT_MAX 4 /* files; the oldest goes */

/** @brief Sets how long files are kept. After that they are removed when another upload, or a server, begins. Any
 *        task. */
void wr_kept_set_time(uint32_t keep_ms);

/** @brief Keeps a file, and the hold on it (uhttpd_temporary.h). */
void wr_kept_add(const uhttpd_storage_t *storage, const char *temporary);

/** @brief The file is being written again. */
void wr_kept_forget(const char *temporary);

/** @brief Removes files whose time is over. */
void wr_kept_sweep(void);

/** @brief Makes a worker do that, if there is memory. Any task. */
void wr_kept_sweep_later(uhttpd_handle_t server);
