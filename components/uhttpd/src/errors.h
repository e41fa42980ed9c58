/* SPDX-License-Identifier: MIT */
#pragma once

#include "http/status.h"
#include "session.h"

/**
 * @file
 * Pages that programs have set for errors (uhttpd_error_page()).
 */
typedef struct uh_error_page {
    uhttpd_error_page_t public;
    struct uh_error_page *next; /* added before it */
    size_t len;
    char text[]; /* with a NUL, and the type with one */
} uh_error_page_t;

/** What is wrong with a request, while the handler of a page answers it; lives on the stack below that handler. */
struct uh_error {
    int status;
    const char *reason;
    const uhttpd_header_t *headers; /* that belong to the error */
    size_t header_count;
    char line[UH_STATUS_LINE_SIZE];
};

/** @brief The page for an error of this request; NULL: there is none. */
const uh_error_page_t *uh_error_find(const uh_session_t *session, int status);

/** @brief Whether the page for an error has a handler, which needs a worker. */
bool uh_error_needs_worker(const uh_session_t *session, int status);

/** @brief The response with the status of the error that is being answered, unless it has one. */
uhttpd_response_t uh_error_response(const uhttpd_req_t *req, const uhttpd_response_t *response);

void uh_error_pages_free(uh_error_page_t *page);
