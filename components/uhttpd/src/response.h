/* SPDX-License-Identifier: MIT */
#pragma once

#include "http/builder.h"
#include "session.h"

/**
 * @file
 * The response to a request.
 */

/**
 * @brief Sends a small answer of the server itself, such as "403 Forbidden" or "404 Not Found: a directory is not there".
 * @param reason  a few words after the status; NULL: none
 * @return as uhttpd_write()
 */
esp_err_t uh_respond(uhttpd_req_t *req, int status, const char *reason, const uhttpd_header_t *headers,
                     size_t header_count);

/** @brief Sends 503 to a client that should try again soon. */
esp_err_t uh_respond_busy(uhttpd_req_t *req, const char *reason);

bool uh_response_is_valid(const uhttpd_response_t *response);

/**
 * @brief Decides how the response ends and whether the connection stays open, now that the answer is known.
 * @param length  of the body; #UH_RESPONSE_ENDLESS when it is not known.
 */
void uh_response_settle(uh_session_t *session, const uhttpd_response_t *response, int64_t length);
#define UH_RESPONSE_ENDLESS (-1)

/** @brief Adds the head, with the empty line that ends it. */
void uh_response_head(uh_session_t *session, const uhttpd_response_t *response, int64_t length, uh_text_t *text);

/** @brief Answers HEAD as GET would, where the end of the connection is the end of the response. */
esp_err_t uh_response_endless_head(uhttpd_req_t *req, const uhttpd_response_t *response);
