/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "uhttpd_storage.h"

/**
 * @file
 * Directories: made with all above them, and removed with all in them. Functions return 0 or a positive errno; workers only.
 */

/**
 * @brief Makes a directory, and those above it that are not there.
 *
 * @param[in,out] path  as it was when this returns.
 * @param[out] made  how many were made, also when this fails.
 * @return ENOTDIR when a file is in the way.
 */
int uh_file_directory_make(const uhttpd_storage_t *storage, char *path, unsigned *made);

/** @brief Removes the last @p made directories there are of a path, as far as they are empty. @p path is shortened. */
void uh_file_directory_unmake(const uhttpd_storage_t *storage, char *path, unsigned made);

/** @brief Asked before an entry is removed. @return 0, or the status that ends the removal */
typedef int (*uh_file_directory_ask_t)(void *ctx, const char *path, bool is_directory);

/**
 * @brief Removes a directory and all that is in it, in constant memory however deep it is. Links are removed, not followed.
 *
 * What has been removed before an error or a refusal stays so.
 *
 * @param path  is a directory, not a link to one.
 * @param[out] status  what @p ask refused with; 0: it did not.
 */
int uh_file_directory_remove_all(const uhttpd_storage_t *storage, const char *path, uh_file_directory_ask_t ask,
                                 void *ctx, int *status);
