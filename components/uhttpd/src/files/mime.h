/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_files.h"

/**
 * @file
 * Content types by the names of files, pure.
 */

/** @param types  asked first; ends with {NULL, NULL}; NULL: none */
const char *uh_mime_of(const char *name, const uhttpd_mime_t *types);
