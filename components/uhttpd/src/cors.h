/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Pages of other origins: which may read responses (https://fetch.spec.whatwg.org/#http-cors-protocol), and which may
 * change anything.
 */

/** @brief What Access-Control-Allow-Origin says to this client; NULL: nothing. */
const char *uh_cors_allowed_origin(const uh_session_t *session);

/** @brief True when the page that asks is our own, no page, or welcome from elsewhere. */
bool uh_cors_may_change_state(const uh_session_t *session);

/**
 * @brief True when the page that asks may open a WebSocket: our own, no page, or one of those listed. That any page may
 *        read responses (uhttpd_config_t::cors) does not let any page in here: a WebSocket has no second barrier.
 */
bool uh_cors_may_upgrade(const uh_session_t *session);

/** @brief True for what a browser asks before it sends the request proper. */
bool uh_cors_is_preflight(const uh_session_t *session);

/** @brief Answers a preflight. @param methods  that routes take, as uhttpd_method_t bits */
void uh_cors_answer_preflight(uh_session_t *session, unsigned methods);
