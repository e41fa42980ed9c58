/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "uhttpd.h"
#include "uhttpd_storage.h"

/**
 * @file
 * What is kept of uploads that were cut, so that they can go on: temporary files, and until when. Workers.
 */
#define WR_KEPT_MAX 4 /* files; the oldest goes */

/** @brief How long files are kept from now on: then they go when another upload, or a server, begins. Any task. */
void wr_kept_set_time(uint32_t keep_ms);

/** @brief Keeps a file, and the hold on it (uhttpd_temporary.h). */
void wr_kept_add(const uhttpd_storage_t *storage, const char *temporary);

/** @brief It is written again. */
void wr_kept_forget(const char *temporary);

/** @brief Removes those whose time is over. */
void wr_kept_sweep(void);

/** @brief Has a worker do so, if there is memory for that. Any task. */
void wr_kept_sweep_later(uhttpd_handle_t server);
