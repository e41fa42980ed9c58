/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/**
 * @file
 * Which foreign temporary files (uhttpd_temporary.h) are in use. By their names alone, whatever the directory: these are
 * hashes of whole paths, and where two meet a leftover only stays until the next start.
 */

/**
 * @brief Holds a name whose file is to be removed, if nobody uses it; uhttpd_temporary_release() is needed then. Any task.
 * @return false: somebody does, or there is no memory to make sure
 */
bool uh_file_hold_stale(const char *name);
