/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/obj.h"

#include "uhttpd_storage.h"

/** @file Facts about files from the VFS, in the form of the C side. For Python threads that hold the GIL. */

/** @brief The errno that an exception stands for. */
int glue_storage_errno(mp_obj_base_t *exception);

/**
 * @brief Reads the result of os.stat().
 * @return 0; EACCES: it is neither a file nor a directory
 */
int glue_storage_info(const char *path, mp_obj_t stat, uhttpd_file_info_t *info);

/** @brief The number in an int of any length up to 64 bits. */
uint64_t glue_storage_number(mp_obj_t number);

/** @brief Remembers that a path has new content, so that its version changes whatever the clock says. */
void glue_storage_note_change(const char *path);
