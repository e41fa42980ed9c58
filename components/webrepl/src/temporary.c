/* SPDX-License-Identifier: MIT */
#include "temporary.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

void wr_temporary_name(const char *path, char *temporary)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (const char *at = path; *at != '\0'; at++) {
        hash = (hash ^ (uint8_t)*at) * 16777619U;
    }
    const char *slash = strrchr(path, '/');
    size_t directory = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    memcpy(temporary, path, directory);
    snprintf(temporary + directory, WR_TEMPORARY_LEN + 1, "wr%06x.tmp", (unsigned)(hash & 0xffffff));
}
