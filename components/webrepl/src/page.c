/* SPDX-License-Identifier: MIT */
#include "webrepl.h"

#include <stdio.h>
#include <string.h>

#include "page_data.h"

#define ETAG_SIZE sizeof "\"0123456789abcdef\""
#define GZIP_TRAILER 8 /* check sum and length of the contents (RFC 1952 section 2.3.1) */

static size_t page_size(void)
{
    return (uintptr_t)webrepl_page_end - (uintptr_t)webrepl_page_start;
}

/* Another page has another check sum, which gzip has computed already. */
static void make_etag(char etag[ETAG_SIZE])
{
    const uint8_t *trailer = webrepl_page_start + page_size() - GZIP_TRAILER;
    char *at = etag;
    *at++ = '"';
    for (size_t i = 0; i < GZIP_TRAILER; i++) {
        at += snprintf(at, 3, "%02x", trailer[i]);
    }
    *at++ = '"';
    *at = '\0';
}

esp_err_t webrepl_page(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char etag[ETAG_SIZE];
    make_etag(etag);
    const char *known = uhttpd_req_header(req, "If-None-Match");
    bool same = known != NULL && strstr(known, etag) != NULL;
    /* The page itself says what it may load. Only a header can forbid framing it. */
    const uhttpd_header_t headers[] = {
        {"ETag", etag},
        {"Cache-Control", "no-cache"},
        {"Vary", "Upgrade"},
        {"Content-Security-Policy", "frame-ancestors 'none'"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
        {"Content-Encoding", same ? NULL : "gzip"},
    };
    const uhttpd_response_t response = {
        .status = same ? "304 Not Modified" : NULL,
        .mime = "text/html; charset=utf-8",
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
    };
    return uhttpd_write(req, webrepl_page_start, same ? 0 : page_size(), &response);
}
