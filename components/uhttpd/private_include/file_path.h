/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * @file
 * Paths as clients write them, pure. What is refused could mean one thing to whoever decides on access and another to
 * whoever opens the file.
 */

/**
 * @brief True for a path that can be put behind a base: it begins with a slash, has no empty, "." or ".." segment, no
 *        backslash and no control character, and is UTF-8. A slash at its end, for a directory, is fine, as is "/".
 */
bool file_path_is_clean(const char *path, size_t len);

/**
 * @brief Decodes the path of a URL: percent escapes, once. A plus stands for itself.
 *
 * @param[out] path  at least @p len + 1 bytes; ends with NUL.
 * @return its length; 0 when it must be refused: it would not be clean, an escape is malformed, or stands for a slash.
 */
size_t file_path_decode(const char *url, size_t len, char *path);

/** @brief True for the directory itself and everything below it. Neither has a slash at its end. */
bool file_path_is_within(const char *path, const char *directory);

/** @name What a file is called while it is being received
 *  Short enough for file systems that know eight characters and three. Such files are neither served nor listed.
 *  @{ */
#define FILE_TEMPORARY_SIZE 13 /* bytes, NUL included */

/**
 * @brief The temporary name beside @p name: the same for the same name, whatever its capitals, and most probably another for
 *        another one.
 */
void file_temporary_name(const char *name, char temporary[FILE_TEMPORARY_SIZE]);

/** @brief True for every temporary name. */
bool file_is_temporary(const char *name);

/**
 * @brief Makes a temporary name, or a path that ends in one, that of a file which is whole and about to take the place of
 *        another: no leftover, for where the file system cannot replace it may be all there is.
 */
void file_name_as_kept(char *temporary);

/** @brief Makes the name of such a file temporary again. @return false: it is another one */
bool file_kept_as_temporary(char *name);
/** @} */
