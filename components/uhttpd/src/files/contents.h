/* SPDX-License-Identifier: MIT */
#pragma once

#include "http/validators.h"
#include "uhttpd_stream.h"

/**
 * @file
 * Contents with validators as a response: conditions, ranges and HEAD (RFC 9110 sections 13 and 14), wherever the bytes
 * are.
 */
typedef struct {
    uint64_t size;
    const char *etag; /* a strong one; NULL: not known */
    int64_t modified; /* seconds since 1970; 0: not known */
    const char *mime;
    const char *cache_control;
    bool compressed; /* what is sent is the compressed form */
    bool varies;     /* there is one */
    /* Sends the bytes in one piece, if the client wants any of them. Its close is called in any case, and last. */
    uhttpd_source_t source;
    /* Called once before the first read, if there is going to be one or a length of 0. @return errno */
    int (*begin)(void *ctx, const uh_range_t *range, bool is_read);
} uh_contents_t;

/**
 * @brief Decides which form of contents a client gets.
 * @return false: there is only a compressed form, and it is not wanted; uh_contents_not_acceptable() says so
 */
bool uh_contents_choose(const uhttpd_req_t *req, bool plain, bool gzip, bool *compressed);
esp_err_t uh_contents_not_acceptable(uhttpd_req_t *req);

/** @brief Answers with contents, a part of them, or the status that the client's conditions lead to. Workers only. */
esp_err_t uh_contents_answer(uhttpd_req_t *req, const uh_contents_t *contents);
