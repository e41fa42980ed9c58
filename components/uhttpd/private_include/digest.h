/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * Repr-Digest and Content-Digest (RFC 9530), pure. SHA-256 is the only algorithm.
 */
#define UH_DIGEST_SIZE 32
#define UH_DIGEST_FIELD_SIZE 55 /* bytes of a field with one digest, NUL included */

typedef enum {
    UH_DIGEST_GIVEN,
    UH_DIGEST_NONE, /* of other algorithms only, which may be ignored */
    UH_DIGEST_MALFORMED,
} uh_digest_t;

/** @brief Reads a field: a dictionary of byte sequences (RFC 8941 section 3.2). */
uh_digest_t uh_digest_parse(const char *value, uint8_t digest[UH_DIGEST_SIZE]);

/** @brief Writes a field. */
void uh_digest_format(const uint8_t digest[UH_DIGEST_SIZE], char field[UH_DIGEST_FIELD_SIZE]);
