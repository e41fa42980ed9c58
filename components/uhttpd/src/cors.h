/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Pages of other origins: which may read responses (https://fetch.spec.whatwg.org/#http-cors-protocol), and which may
 * change anything.
 */

/** @brief The value of Access-Control-Allow-Origin for this client; NULL: the header is left out. */
const char *uh_cors_allowed_origin(const uh_session_t *session);

/** @brief True when the request comes from our own page, from no page, or from an origin that is allowed. */
bool uh_cors_may_change_state(const uh_session_t *session);

/**
 * @brief True when a WebSocket may be opened: by our own page, by no page, or by a page of a listed origin.
 *        uhttpd_config_t::cors lets any page read responses, but not open WebSockets, which have no second barrier.
 */
bool uh_cors_may_upgrade(const uh_session_t *session);

/** @brief True for the request that a browser sends before the actual one. */
bool uh_cors_is_preflight(const uh_session_t *session);

/** Values of the Access-Control headers of a preflight's answer; NULL: the header is left out. */
typedef struct {
    const char *methods;
    const char *headers;
    const char *max_age;
} uh_cors_preflight_t;

/**
 * @brief What a preflight is answered with, beside 204 and Allow.
 * @param methods  that routes take, as uhttpd_method_t bits
 * @param allow    the same as Allow has them
 */
uh_cors_preflight_t uh_cors_preflight(const uh_session_t *session, unsigned methods, const char *allow);
