/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "files/temporary.h"
#include "uhttpd_storage.h"

/**
 * @file
 * A file takes the place of another, or a name of its own, wherever in that the power goes. Workers only.
 *
 * Where the storage does that in one step (#UHTTPD_STORAGE_REPLACES) there is no more to it. FAT needs several: the old
 * file goes, then the new one comes, and for a moment there are two names for one file, of which neither may be removed.
 * So a note is written first, which says what is to become what.
 */

/**
 * @brief Renames; a file replaces a file. Both paths are claimed.
 *
 * @param info       what is known of @p from
 * @param temporary  a temporary name in the directory of @p to: the note has its number
 * @param[out] left  it has failed half way: @p from is all there is, and the next start goes on
 * @return 0 or a positive errno
 */
int uh_file_replace(const uhttpd_storage_t *storage, const char *from, const uhttpd_file_info_t *info, const char *to,
                    const char *temporary, bool *left);

/** @brief The same for any file or directory, and with a number of its own. */
int uh_file_move(const uhttpd_storage_t *storage, const char *from, const char *to);

/**
 * @brief Clears away what a power cut has left under a temporary name that nobody uses: does what a note says, or removes
 *        a file that has none.
 *
 * @param path     of the note or the file
 * @param claimed  claimed by the caller, or NULL; any other file that a note is about is claimed meanwhile
 */
void uh_file_clear(const uhttpd_storage_t *storage, const char *path, const char *claimed);
