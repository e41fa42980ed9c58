/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "uhttpd_storage.h"

/**
 * @file
 * Which file a path means. Functions return 0 or a positive errno; workers only.
 */

/** @brief True for what a storage says of a path that leads to nothing. EINVAL: no file there can have that name. */
bool uh_file_is_absent(int error);

/** @brief Where a path that exists really is, in the heap. */
int uh_file_real_path(const uhttpd_storage_t *storage, const char *path, char **real);

/** @brief Where the part of a path really is that exists, the root at least. @param[in,out] path  becomes that part */
int uh_file_real_part(const uhttpd_storage_t *storage, char *path, char **real);

/**
 * @brief Where a path is once links in its directory are followed, in the heap: absolute, and without dots. It need not
 *        exist. What its last segment is, link or not, does not matter.
 */
int uh_file_canonical(const uhttpd_storage_t *storage, const char *path, char **canonical);

/**
 * @brief Writes the names behind the first @p from bytes as their directories have them. EINVAL: one of them stands for
 *        another, or would.
 */
int uh_file_spell(const uhttpd_storage_t *storage, char *path, size_t from);

/** @brief Canonical, and spelled so. */
int uh_file_identity(const uhttpd_storage_t *storage, const char *path, char **identity);
