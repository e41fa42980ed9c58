/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "files/temporary.h"
#include "uhttpd_storage.h"

/** @file Uploads that were cut, and may go on: what there is of their files, and until when. Workers only. */

/** @brief Keeps a temporary file for so long, unless too many others come. Path and temporary are its own from now on. */
void uh_kept_add(const uhttpd_storage_t *storage, char *path, uh_temporary_t *temporary, uint32_t keep_ms);

/** @brief What is kept for a file is the caller's from now on. NULL: nothing is. */
uh_temporary_t *uh_kept_take(const uhttpd_storage_t *storage, const char *path);

/** @brief Removes those whose time is over. */
void uh_kept_sweep(void);
