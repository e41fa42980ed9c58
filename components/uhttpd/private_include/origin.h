/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/**
 * @file
 * Same-origin check (RFC 6454), pure.
 */

/**
 * @brief True when a request may come from where it says: without an Origin header (no browser), or when the origin's
 *        host and port are those of the Host header, default ports filled in by the origin's scheme. "null" is refused,
 *        and so are schemes other than http and https.
 */
bool uh_origin_matches_host(const char *origin, const char *host);
