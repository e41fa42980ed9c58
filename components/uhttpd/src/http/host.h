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
 * @return length of the host, an IPv6 address with its brackets; after it comes nothing, or ':' and the port up to
 *         @p len. 0 when malformed.
 */
size_t uh_authority_host_len(const char *text, size_t len);

/**
 * @brief True when an authority, such as a Host header, equals @p wanted, ignoring case. If @p wanted has no port, any
 *        port will do. Both end with NUL.
 */
bool uh_authority_is(const char *authority, const char *wanted);

/**
 * @brief True for an authority that nobody can have resolve to another address by a name server of their own: an
 *        address, a name without a dot such as localhost, or one that ends in ".local".
 */
bool uh_authority_is_near(const char *authority);

/**
 * @file
 * Same-origin check (RFC 6454), pure.
 */

/**
 * @brief True when a request is from the same origin: it has no Origin header (no browser), or the origin's host and
 *        port are those of the Host header, with default ports filled in by the origin's scheme. "null" is refused, and
 *        so are schemes other than http and https.
 */
bool uh_origin_matches_host(const char *origin, const char *host);

/**
 * @brief The path in a Destination header (RFC 4918 section 10.3): an absolute path, or a URI of this host. Pure.
 *
 * @param host  the request's Host header; NULL: none
 * @param[out] path, len  undecoded, within @p value
 * @return 0; 400: malformed, or with a query or a fragment; 502: on another host
 */
int uh_destination_path(const char *value, const char *host, const char **path, size_t *len);
