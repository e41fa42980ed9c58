/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Decoder of the chunked transfer coding (RFC 9112 section 7.1), pure.
 */
typedef struct {
    uint8_t state;
    uint8_t digits;
    uint16_t line; /* bytes of extensions or trailers so far: bounded */
    uint64_t left; /* data bytes left in this chunk */
} uh_chunked_t;

#define UH_CHUNKED_MAX_LINES 1024 /* extensions and trailers of a whole body */

void uh_chunked_init(uh_chunked_t *decoder);

/**
 * @brief Decodes in place: the data bytes of @p buf are moved to its front. Never reads beyond the end of the body.
 *
 * @param[in,out] len   in: bytes in buf; out: data bytes.
 * @param[out]    used  bytes of the coding that were consumed; less than len only at the end of the body.
 * @return 1: the body has ended; 0: more is needed; -1: malformed, and stays so.
 */
int uh_chunked_decode(uh_chunked_t *decoder, uint8_t *buf, size_t *len, size_t *used);

/**
 * @brief How many bytes may be read from the socket without reading into the next request: as many as the shortest end
 *        of this body has. At least 1.
 */
size_t uh_chunked_safe_read(const uh_chunked_t *decoder);
