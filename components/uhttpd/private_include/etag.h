/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * Entity tags (RFC 9110 section 8.8.3), pure.
 */
#define UH_ETAG_SIZE 24 /* bytes, NUL included */

/** @brief Writes the strong tag of a version of a file, or of its compressed form. */
void uh_etag_write(uint64_t version, bool compressed, char text[UH_ETAG_SIZE]);

/**
 * @brief True when a list, as in If-Match, has the tag. What follows something malformed is not looked at.
 *
 * @param etag  A strong one; NULL: not known, and in no list.
 * @param weak  the comparison of RFC 9110 section 8.8.3.2: a weak tag in the list will do.
 */
bool uh_etag_in_list(const char *list, const char *etag, bool weak);
