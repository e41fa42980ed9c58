/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "uhttpd_files.h"

/**
 * @file
 * Paths as clients write them, and what their names say. Pure.
 */

/* --- paths -------------------------------------------------------------------------------------------------------- */

/*
 * Paths as clients write them, pure. A path is refused if it could mean one thing to the code that decides on access
 * and another to the code that opens the file.
 */

/**
 * @brief True for a path that can be put behind a base: it begins with a slash, and has no empty, "." or ".." segment. A
 *        slash at its end, for a directory, is fine, as is "/".
 */
bool uh_file_path_is_path(const char *path);

/**
 * @brief True for UTF-8 without a backslash or a control character. Other names mean themselves on file systems that say
 *        so (#UHTTPD_STORAGE_EXACT); FAT takes a backslash for a slash. Nobody can give them to a file.
 */
bool uh_file_path_is_clean(const char *path);

/**
 * @brief Decodes the path of a URL: percent escapes, once. A plus stands for itself.
 *
 * @param[out] path  at least @p len + 1 bytes; ends with NUL.
 * @return its length; 0 when it must be refused because it would not be a path, or because an escape is malformed, or
 *         means a slash or NUL.
 */
size_t uh_file_path_decode(const char *url, size_t len, char *path);

/** @brief True for the directory itself and everything below it. Neither has a slash at its end, but for the root. */
bool uh_file_path_is_within(const char *path, const char *directory);

/* --- content types ------------------------------------------------------------------------------------------------ */

/* Content types by the names of files, pure. */

/** @param types  asked first; ends with {NULL, NULL}; NULL: none */
const char *uh_mime_of(const char *name, const uhttpd_mime_t *types);
