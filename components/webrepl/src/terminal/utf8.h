/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Borders of characters in UTF-8 (RFC 3629), pure.
 *
 * Everything private to this component that other files see is called `wr_`: a firmware links many components, and a
 * language runtime, into one name space.
 */
typedef enum {
    WR_UTF8_CHAR,       /* a whole character */
    WR_UTF8_INVALID,    /* bytes that cannot be part of one */
    WR_UTF8_INCOMPLETE, /* the beginning of one; the rest may come */
} wr_utf8_t;

/**
 * @brief Looks at the beginning of a text.
 *
 * @param[in]  len   At least 1.
 * @param[out] used  Bytes this is about; invalid ones are those that one U+FFFD stands for (the "maximal subpart" of
 *                   Unicode 3.9, as browsers do it).
 */
wr_utf8_t wr_utf8_first(const uint8_t *text, size_t len, size_t *used);

/** @brief Length of the longest front part that does not end within a character; at most 3 bytes shorter. */
size_t wr_utf8_cut(const uint8_t *text, size_t len);
