/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "esp_err.h"
#include "uhttpd_storage.h"

/**
 * @file
 * The user's files. All names lie below one folder: "x", "/x", "/data/x" and the whole path are the same file, and no
 * name leads out of it. Functions may be called from any task; those that touch files block.
 */
#define STORAGE_PATH_SIZE 160 /* bytes of a whole path, its NUL included */

/**
 * @brief Makes the folder available (`storage_fat.c`, `storage_directory.c`). An empty partition is formatted, which
 *        takes seconds.
 * @return ESP_OK, or why there are no files; the log says more.
 */
esp_err_t storage_mount(void);

/** @brief The folder's own path, which is absolute; NULL: there is none, see storage_mount(). */
const char *storage_folder(void);

/**
 * @brief Total and free bytes (`storage_fat.c`, `storage_directory.c`).
 * @return 0 or a positive errno
 */
int storage_capacity(uint64_t *total, uint64_t *free);

/**
 * @brief The path of a file or folder that a person named; "" and "." are the whole folder.
 * @param[out] path  STORAGE_PATH_SIZE bytes.
 * @return 0; ENAMETOOLONG; EACCES: it has ".." in it
 */
int storage_path(const char *name, char *path);

/** @brief The same files for transfers over the console. Called once, before any transfer. */
const uhttpd_storage_t *storage_files(void);

/** @brief The same files for callers with whole paths: below storage_folder(). */
const uhttpd_storage_t *storage_paths(void);
