/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/**
 * @file
 * What a file is called until it is whole, pure.
 */
#define WR_TEMPORARY_LEN 12 /* "wr123456.tmp", for file systems that only know eight letters, a dot and three */

/**
 * @brief Writes the temporary name for @p path, in the same directory. It depends on the path alone: what a power cut has
 *        left is overwritten when the upload is tried again.
 * @param[out] temporary  strlen(path) + WR_TEMPORARY_LEN + 1 bytes.
 */
void wr_temporary_name(const char *path, char *temporary);
