/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * @file
 * The host and port of a URI or a Host header (RFC 3986 section 3.2), pure.
 */

/**
 * @brief Reads `host [":" port]`. User information is malformed here (RFC 9110 section 4.2.4); an empty port is not.
 *
 * @return length of the host, an IPv6 address with its brackets; behind it stands nothing, or ':' and the port up to
 *         @p len. 0 when malformed.
 */
size_t uh_authority_host_len(const char *text, size_t len);

/**
 * @brief True when an authority, such as a Host header, is the one that is wanted, in any case. Without a port of its own,
 *        @p wanted stands for any. Both end with NUL.
 */
bool uh_authority_is(const char *authority, const char *wanted);
