/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * The body of a request.
 */

void uh_body_init(uh_session_t *session);

/** @brief True when Content-Length says that uhttpd_config_t::max_body will be exceeded. */
bool uh_body_is_announced_too_long(const uh_session_t *session);

/**
 * @brief Reads without waiting. @return ESP_OK, with 0 bytes if all of them belonged to the coding;
 *        ESP_ERR_NOT_FINISHED: there is nothing to read; anything else is uhttpd_req::body_error from now on.
 */
esp_err_t uh_body_read_now(uh_session_t *session, void *buf, size_t size, size_t *got);

/** @brief Ends reading. @param status  what the client gets if the handler does not answer. @return @p err */
esp_err_t uh_body_fail(uh_session_t *session, esp_err_t err, int status);

/** @brief Answers `Expect: 100-continue`, once, without waiting. */
void uh_body_invite_now(uh_session_t *session);

/** @brief Throws away what has arrived of the body, without waiting. @return true at the end of the body. */
bool uh_body_discard(uh_session_t *session);
