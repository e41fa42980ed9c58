/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

#include "uhttpd.h"

/**
 * @file
 * The methods of HTTP, pure: UHTTPD_METHODS is the table.
 */
#define UH_METHOD_OR(name, bit) | UHTTPD_##name
#define UH_METHOD_ROOM(name, bit) +sizeof(", " #name) - 1 /* NOLINT(bugprone-macro-parentheses): terms of a sum */

enum {
    UH_METHODS_ALL = UHTTPD_ANY UHTTPD_METHODS(UH_METHOD_OR),
    UH_METHOD_LIST_SIZE = 1 UHTTPD_METHODS(UH_METHOD_ROOM), /* bytes of all names, as uh_method_list() has them */
};

/** @return its bit; UHTTPD_ANY: it has none. */
unsigned uh_method_of(const char *name, size_t len);

/** @brief The names of methods, as in Allow; all of them when UHTTPD_ANY is included. */
void uh_method_list(unsigned methods, char out[UH_METHOD_LIST_SIZE]);
