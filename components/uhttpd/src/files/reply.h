/* SPDX-License-Identifier: MIT */
#pragma once

#include "files/refusal.h"
#include "uhttpd.h"

/**
 * @file
 * Answers of uhttpd_serve() and uhttpd_receive() that are no file.
 */

/**
 * @brief Refuses a request. 503, and 409 for what somebody else is changing, say when to try again.
 * @return as uhttpd_write()
 */
esp_err_t uh_refuse(uhttpd_req_t *req, uh_refusal_t refusal);

/** @brief 201, or 204. @p location: the URL of the new resource; headers that are NULL are left out. */
esp_err_t uh_file_answer_done(uhttpd_req_t *req, bool created, const char *location, const char *etag,
                              const char *digest);
