/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Who may send requests: uhttpd_config_t::hosts, basic_auth and auth.
 */
typedef enum {
    UH_ACCESS_GRANTED,
    UH_ACCESS_DENIED,    /* 401 */
    UH_ACCESS_UNDECIDED, /* uh_access_ask() decides, in a worker */
} uh_access_t;

/** @brief False when the request names a host that is not one of this server's (DNS rebinding). */
bool uh_access_knows_host(const uh_session_t *session);

/** @brief Judges without waiting. @param route  NULL: there is none */
uh_access_t uh_access_judge(const uh_session_t *session, const uh_route_t *route);

/** @brief Answers 401 with a challenge. */
void uh_access_challenge(uh_session_t *session);

/** @brief Lets uhttpd_config_t::auth decide. @return true: granted; otherwise the request has been answered. Workers
 *        only. */
bool uh_access_ask(uh_session_t *session);
