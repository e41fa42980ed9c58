/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "files/refusal.h"
#include "uhttpd_storage.h"

/**
 * @file
 * Makes directories together with those above them, and removes them with everything in them. Workers only.
 */

/**
 * @brief Makes a directory, and those above it that do not exist.
 *
 * @param[in,out] path  as it was when this returns.
 * @param[out] made  how many were made, even if this fails.
 * @return 0 or a positive errno: ENOTDIR when a file is in the way
 */
int uh_file_directory_make(const uhttpd_storage_t *storage, char *path, unsigned *made);

/**
 * @brief Checks whether there is room for so many bytes below a directory, which need not exist yet.
 * @return ENOSPC; ENOMEM; 0, also when the storage cannot tell
 */
int uh_file_directory_room(const uhttpd_storage_t *storage, const char *path, int64_t length);

/** @brief Removes the last @p made existing directories of a path, as long as they are empty. @p path is shortened. */
void uh_file_directory_unmake(const uhttpd_storage_t *storage, char *path, unsigned made);

/** @brief Asked before an entry is removed. A refusal ends the removal. */
typedef uh_refusal_t (*uh_file_directory_ask_t)(void *ctx, const char *path, bool is_directory);

/**
 * @brief Removes a directory with everything in it, in constant memory however deep it is. Links are removed, not
 *        followed.
 *
 * Entries that were removed before an error or a refusal are gone.
 *
 * @param path  is a directory, not a link to one.
 */
uh_refusal_t uh_file_directory_remove_all(const uhttpd_storage_t *storage, const char *path,
                                          uh_file_directory_ask_t ask, void *ctx);
