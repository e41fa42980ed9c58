/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * Repr-Digest and Content-Digest (RFC 9530), pure. SHA-256 is the only algorithm.
 */
#define DIGEST_SIZE 32
#define DIGEST_FIELD_SIZE 55 /* bytes of a field with one digest, NUL included */

typedef enum {
    DIGEST_GIVEN,
    DIGEST_NONE, /* of other algorithms only, which may be ignored */
    DIGEST_MALFORMED,
} digest_t;

/** @brief Reads a field: a dictionary of byte sequences (RFC 8941 section 3.2). */
digest_t digest_parse(const char *value, uint8_t digest[DIGEST_SIZE]);

/** @brief Writes a field. */
void digest_format(const uint8_t digest[DIGEST_SIZE], char field[DIGEST_FIELD_SIZE]);
