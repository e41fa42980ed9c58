/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "py/obj.h"

/** @file File systems that only some ports have, and their symbolic links. For Python threads that hold the GIL. */

/** @brief uhttpd_storage_t::real_path, for absolute paths. May raise. */
int glue_storage_port_real_path(const char *path, char *real, size_t size);

/** @brief True for a symbolic link. @p path is that of a directory, or of a link to one. */
bool glue_storage_port_is_link(const char *path);

/** @brief uhttpd_storage_t::copy_mode, for files that exist. May raise. */
int glue_storage_port_copy_mode(const char *from, const char *to);

/** @brief uhttpd_storage_t::set_modified, on a file system that only this port has. May raise. */
int glue_storage_port_set_modified(const char *path, int64_t modified);

/** @brief True where files that are open go on when they are replaced or removed. @param vfs  what is mounted */
bool glue_storage_port_keeps_open(mp_obj_t vfs);
