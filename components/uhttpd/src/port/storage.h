/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * What #uhttpd_posix_storage needs beyond POSIX (src/port/storage_*.c).
 */

/** @brief True for a symbolic link. */
bool uh_storage_is_link(const char *path);

/** @brief UHTTPD_STORAGE_... of all files. */
extern const uint8_t uh_storage_traits;

/** @brief As uhttpd_storage_t::spell, real_path and space. */
int uh_storage_spell(char *path);
int uh_storage_real_path(const char *path, char *real, size_t size);
int uh_storage_space(const char *path, uint64_t *total, uint64_t *free);
