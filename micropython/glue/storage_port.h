/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/** @file Symbolic links, which only some ports have. For Python threads that hold the GIL. */

/** @brief uhttpd_storage_t::real_path. May raise. */
int glue_storage_port_real_path(const char *path, char *real, size_t size);

/** @brief True for a symbolic link. @p path is that of a directory, or of a link to one. */
bool glue_storage_port_is_link(const char *path);
