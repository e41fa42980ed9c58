/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

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
 * @param[out] name  At least strlen(value) + 1 bytes; ends with NUL. Whatever the client wrote: paths, too.
 */
uh_disposition_t uh_disposition_parse(const char *value, char *name);
