/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * The Accept-Encoding header (RFC 9110 section 12.5.3), pure.
 */
typedef enum {
    UH_GZIP_REFUSED, /* it may not be sent, whatever else there is */
    UH_GZIP_ALLOWED, /* where there is nothing else */
    UH_GZIP_PREFERRED,
} uh_gzip_wish_t;

/** @param header  NULL: there is none, and everything is allowed */
uh_gzip_wish_t uh_accept_encoding_gzip(const char *header);
