/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Strings that are made of others, in memory that is as long as they need.
 */
typedef struct {
    const char *at;
    size_t len; /* at most: a NUL ends it, too */
} uh_piece_t;

#define UH_PIECE(string) {(string), SIZE_MAX}

/** @brief Joins pieces, such as `UH_JOIN({path, len}, UH_PIECE(".gz"))`. @return the heap's; NULL: there is no memory */
#define UH_JOIN(...) \
    uh_join((const uh_piece_t[]) {__VA_ARGS__}, sizeof((const uh_piece_t[]) {__VA_ARGS__}) / sizeof(uh_piece_t))

char *uh_join(const uh_piece_t *pieces, size_t count);
