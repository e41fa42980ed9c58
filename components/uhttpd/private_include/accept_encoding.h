/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * The Accept-Encoding header (RFC 9110 section 12.5.3), pure.
 */
typedef enum {
    GZIP_REFUSED, /* it may not be sent, whatever else there is */
    GZIP_ALLOWED, /* where there is nothing else */
    GZIP_PREFERRED,
} gzip_wish_t;

/** @param header  NULL: there is none, and everything is allowed */
gzip_wish_t accept_encoding_gzip(const char *header);
