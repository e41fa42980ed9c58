/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/**
 * @file
 * What a file is called while it is being received: short enough for file systems that know eight characters and three.
 * Such files are neither served nor listed.
 */
#define UH_FILE_TEMPORARY_SIZE 13 /* bytes, NUL included */

/**
 * @brief The temporary name beside @p name: the same for the same name, whatever its capitals, and most probably another for
 *        another one. Who writes under it has the claim on it (file_claim.h).
 */
void uh_file_temporary_name(const char *name, char temporary[UH_FILE_TEMPORARY_SIZE]);

/** @brief True for every temporary name, foreign ones too. */
bool uh_file_is_temporary(const char *name);

/** @brief True for names as uhttpd_temporary_path() gives them. */
bool uh_file_is_foreign_temporary(const char *name);

/**
 * @brief Makes a temporary name, or a path that ends in one, that of a file which is whole and about to take the place of
 *        another: no leftover, for where the file system cannot replace it may be all there is.
 */
void uh_file_name_as_kept(char *temporary);

/** @brief Makes the name of such a file temporary again. @return false: it is another one */
bool uh_file_kept_as_temporary(char *name);
