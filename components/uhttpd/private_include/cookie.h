/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

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
