/* SPDX-License-Identifier: MIT */
/* What ESP-IDF's toolchain has, but not every desktop's. Included before everything else. */
#pragma once

#include <string.h>

static inline size_t hs_strlcpy(char *to, const char *from, size_t size)
{
    size_t len = strlen(from);
    if (size) {
        size_t fits = len < size ? len : size - 1;
        memcpy(to, from, fits);
        to[fits] = '\0';
    }
    return len;
}

#define strlcpy hs_strlcpy

#define ESP_COMPILER_DIAGNOSTIC_PUSH_IGNORE(warning)
#define ESP_COMPILER_DIAGNOSTIC_POP(warning)
