/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * The Range header (RFC 9110 section 14), pure.
 */
typedef enum {
    UH_RANGE_WHOLE,         /* the header asks for nothing that is heeded: everything is sent */
    UH_RANGE_PART,          /* 206 */
    UH_RANGE_UNSATISFIABLE, /* 416 */
} uh_range_kind_t;

typedef struct {
    uint64_t first;
    uint64_t length; /* at least 1 when it is a part */
} uh_range_t;

/**
 * @brief What to send of @p size bytes. For #UH_RANGE_WHOLE, @p range is everything.
 *
 * Several ranges at once get everything, which RFC 9110 section 14.2 leaves to the server. Who resumes or seeks asks for
 * one; several are asked for by attackers, who make much work of a short header, and by readers of PDF files, which cope
 * with either answer. Parts of a multipart answer would each need a head of its own and a place to seek to in slow storage.
 */
uh_range_kind_t uh_range_read(const char *header, uint64_t size, uh_range_t *range);
