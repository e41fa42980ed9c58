/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_storage.h"

/**
 * @file
 * What is kept of uploads that were cut, so that they can go on: temporary files, and until when. Workers.
 */
#define WR_KEPT_MAX 4                /* files; the oldest goes */
#define WR_KEPT_MS (10 * 60 * 1000u) /* then a file goes when another upload begins */

/** @brief Keeps a file, and the hold on it (uhttpd_temporary.h). */
void wr_kept_add(const uhttpd_storage_t *storage, const char *temporary);

/** @brief It is written again. */
void wr_kept_forget(const char *temporary);

/** @brief Removes those whose time is over. */
void wr_kept_sweep(void);
