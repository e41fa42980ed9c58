/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Reading of a request head (RFC 9112 sections 2 to 6), pure. This is where request smuggling stops: a head that two
 * readers could understand in two ways is refused.
 */
#define UH_HEAD_NO_LENGTH (-1) /* no Content-Length */

typedef struct {
    unsigned method;      /* one uhttpd_method_t bit, UHTTPD_ANY for a method that has none of its own */
    uint16_t method_name; /* offset of the method's name, NUL-terminated */
    uint16_t target;      /* offset of the request target, NUL-terminated: "/path?query#fragment", or "*" for OPTIONS */
    uint16_t target_len;
    uint16_t path;      /* offset of the path: where the target begins; in its normal form (http/pattern.h) */
    uint16_t path_len;  /* up to '?' or '#' */
    uint16_t query;     /* offset behind '?'; 0 without a query */
    uint16_t query_len; /* up to '#' */
    uint16_t headers;   /* offset of the first header */
    uint16_t header_count;
    uint8_t minor;   /* HTTP/1.minor */
    bool keep_alive; /* the client does not want to close the connection */
    bool chunked;    /* Transfer-Encoding: chunked */
    bool expect_continue;
    bool upgrade;           /* an Upgrade header is there, and Connection names it */
    int64_t content_length; /* or UH_HEAD_NO_LENGTH */
    const char *reason;     /* why it is refused with 400, in words; NULL: it is not */
} uh_http_head_t;

/**
 * @brief Looks for the end of a head.
 *
 * @param[in,out] scanned  Bytes that need not be looked at again; 0 at first.
 * @return length of the head up to and with its blank line, or 0 when it is not whole. Empty lines before the request
 *         line count as part of the head.
 */
size_t uh_head_find_end(const char *buf, size_t len, size_t *scanned);

/**
 * @brief Parses a whole head in place: afterwards @p buf holds "target\0" and "name\0value\0" for each header.
 *
 * The authority of an absolute-form target becomes the first header, Host, and replaces the one received; the target
 * becomes what is left. Nothing but OPTIONS has "*".
 *
 * @param len  what uh_head_find_end() returned, at most 65535.
 * @return 0, or the status to refuse it with: 400, 417 (Expect), 501 (CONNECT, or an unknown transfer coding), 505.
 *         Then neither @p buf nor @p head are of use, but for the reason.
 */
int uh_head_parse(char *buf, size_t len, uh_http_head_t *head);

/** @brief Value of the first header of that name, in any case; NULL without one. */
const char *uh_head_get(const char *buf, const uh_http_head_t *head, const char *name);

/** Where the header lies that was asked for last. All zero at first. */
typedef struct {
    uint16_t n;
    uint16_t offset;
} uh_head_place_t;

/** @brief The n-th header. One after the other are found without starting anew. @return false beyond the last. */
bool uh_head_at(const char *buf, const uh_http_head_t *head, uh_head_place_t *last, size_t n, const char **name,
                const char **value);

/** @brief True for a request that wants a WebSocket. Other upgrades, such as curl's to h2c, are declined: the request is
 *         answered as if they were not there. */
bool uh_head_is_websocket(const char *buf, const uh_http_head_t *head);
