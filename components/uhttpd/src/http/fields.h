/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uhttpd_digest.h"

/**
 * @file
 * Reading of the Cookie header (RFC 6265 section 4.2), pure.
 */

/**
 * @brief Looks a cookie up by its exact name, in `name=value; name=value`.
 *
 * @param header    ends with NUL
 * @param[out] len  length of the value, with the quotes it may have
 * @return the value of the first cookie of that name, in @p header, NOT terminated; NULL: there is none.
 */
const char *uh_cookie_find(const char *header, const char *name, size_t *len);

/**
 * @file
 * The Accept-Encoding header (RFC 9110 section 12.5.3), pure.
 */
typedef enum {
    UH_GZIP_REFUSED, /* it must not be sent, even if there is nothing else */
    UH_GZIP_ALLOWED, /* only if there is nothing else */
    UH_GZIP_PREFERRED,
} uh_gzip_wish_t;

/** @param header  NULL: no header, which allows everything */
uh_gzip_wish_t uh_accept_encoding_gzip(const char *header);

/**
 * @file
 * Parameters of a field value, `type; name=value; name="value"` (RFC 9110 section 5.6.6), pure.
 */
typedef struct {
    const char *name; /* not terminated, nor is value */
    size_t name_len;
    const char *value; /* the text between the quotes, with its escapes, if there are quotes */
    size_t value_len;
    bool quoted;
} uh_parameter_t;

/**
 * @brief Takes the next parameter.
 *
 * @param[in,out] at  where the last one ended; at first, after the type.
 * @return 1; 0: there is no other; -1: malformed
 */
int uh_parameters_next(const char **at, uh_parameter_t *parameter);

/** @brief True for a parameter of that name, in any case. */
bool uh_parameter_is(const uh_parameter_t *parameter, const char *name);

/**
 * @brief The value without escapes, followed by NUL.
 * @param out  at least value_len + 1 bytes.
 * @return its length
 */
size_t uh_parameter_value(const uh_parameter_t *parameter, char *out);

/**
 * @file
 * Content-Disposition: the name of a file (RFC 6266, RFC 7578 section 4.2), pure.
 */
typedef enum {
    UH_DISPOSITION_NAMED,
    UH_DISPOSITION_NAMELESS,  /* well-formed, without a file name */
    UH_DISPOSITION_MALFORMED, /* or with a name that is no UTF-8 or has control characters */
} uh_disposition_t;

/** @brief True when the value has that type, in any case. */
bool uh_disposition_is(const char *value, const char *type);

/**
 * @brief Reads the name of the file: `filename*`, which is UTF-8 in percent escapes (RFC 8187), or else `filename`.
 *
 * @param[out] name  At least strlen(value) + 1 bytes; ends with NUL. It is whatever the client wrote, which may be a
 * path.
 */
uh_disposition_t uh_disposition_parse(const char *value, char *name);

/**
 * @file
 * Repr-Digest and Content-Digest (RFC 9530), pure. SHA-256 is the only algorithm.
 */
#define UH_DIGEST_FIELD_SIZE 55 /* bytes of a field with one digest, NUL included */

typedef enum {
    UH_DIGEST_GIVEN,
    UH_DIGEST_NONE, /* of other algorithms only, which may be ignored */
    UH_DIGEST_MALFORMED,
} uh_digest_t;

/** @brief Reads a field: a dictionary of byte sequences (RFC 8941 section 3.2). */
uh_digest_t uh_digest_parse(const char *value, uint8_t digest[UHTTPD_SHA256_SIZE]);

/** @brief Writes a field. */
void uh_digest_format(const uint8_t digest[UHTTPD_SHA256_SIZE], char field[UH_DIGEST_FIELD_SIZE]);
