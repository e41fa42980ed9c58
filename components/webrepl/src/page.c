/* SPDX-License-Identifier: MIT */
#include "webrepl.h"

#include <stdio.h>
#include <string.h>

#include "page_data.h"

#define ETAG_SIZE sizeof "\"0123456789abcdef\""
#define GZIP_TRAILER 8 /* check sum and length of the contents (RFC 1952 section 2.3.1) */

#define EDITOR "editor" /* the page asks for its editor with this query, so that both need one route */

typedef struct {
    const uint8_t *data;
    size_t size;
    const char *mime;
} packed_t;

static packed_t page_packed(const uint8_t *start, const uint8_t *end, const char *mime)
{
    return (packed_t) {start, (uintptr_t)end - (uintptr_t)start, mime};
}

/* Other contents have another check sum, which gzip has computed already. */
static void make_etag(const packed_t *file, char etag[ETAG_SIZE])
{
    const uint8_t *trailer = file->data + file->size - GZIP_TRAILER;
    char *at = etag;
    *at++ = '"';
    for (size_t i = 0; i < GZIP_TRAILER; i++) {
        at += snprintf(at, 3, "%02x", trailer[i]);
    }
    *at++ = '"';
    *at = '\0';
}

static esp_err_t answer_packed(uhttpd_req_t *req, const packed_t *file)
{
    char etag[ETAG_SIZE];
    make_etag(file, etag);
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
        .mime = file->mime,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
    };
    return uhttpd_write(req, file->data, same ? 0 : file->size, &response);
}

static bool asks_for_editor(const uhttpd_req_t *req)
{
    size_t len;
    const char *query = uhttpd_req_query(req, &len);
    return query != NULL && len == strlen(EDITOR) && memcmp(query, EDITOR, len) == 0;
}

static esp_err_t answer_editor(uhttpd_req_t *req)
{
    packed_t editor = page_packed(webrepl_editor_start, webrepl_editor_end, "text/javascript; charset=utf-8");
    if (editor.size == 0) {
        const uhttpd_response_t response = {.status = "404 Not Found", .mime = "text/plain; charset=utf-8"};
        return uhttpd_write(req, "This firmware has no editor\n", 28, &response);
    }
    return answer_packed(req, &editor);
}

esp_err_t webrepl_page(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    if (asks_for_editor(req)) {
        return answer_editor(req);
    }
    packed_t page = page_packed(webrepl_page_start, webrepl_page_end, "text/html; charset=utf-8");
    return answer_packed(req, &page);
}
