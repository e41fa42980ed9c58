/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * From a whole head to an answer.
 */

/**
 * @param r  the engine's request, when this is the HTTP task and the session not yet detached; else NULL.
 * @return what the engine's handler returns: ESP_OK, or ESP_FAIL to close.
 */
esp_err_t uh_dispatch_head(uh_session_t *session, httpd_req_t *r);
esp_err_t uh_dispatch_refusal(uh_session_t *session, httpd_req_t *r, int status);

/** @brief Answers 503 to a detached session that waits for a worker. */
void uh_dispatch_give_up(uh_session_t *session);

/** @brief True for a request that wants a WebSocket. */
bool uh_dispatch_is_upgrade(const uh_session_t *session);
