/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* assert() in every build type. */
#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            __builtin_trap(); \
        } \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Copies the bytes into memory of exactly their size, so that the sanitizer sees reads beyond the end. */
static inline void *copy(const void *data, size_t size)
{
    void *memory = malloc(size);
    CHECK(memory != NULL || size == 0);
    if (size > 0) {
        memcpy(memory, data, size);
    }
    return memory;
}
