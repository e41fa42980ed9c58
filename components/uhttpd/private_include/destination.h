/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/**
 * @brief The path in a Destination header (RFC 4918 section 10.3): an absolute path, or a URI of this host. Pure.
 *
 * @param host  the request's Host header; NULL: none
 * @param[out] path, len  undecoded, within @p value
 * @return 0; 400: malformed, or with a query or a fragment; 502: on another host
 */
int uh_destination_path(const char *value, const char *host, const char **path, size_t *len);
