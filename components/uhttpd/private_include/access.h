/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Who may ask: uhttpd_config_t::hosts, basic_auth and auth.
 */
typedef enum {
    ACCESS_GRANTED,
    ACCESS_DENIED,    /* 401 */
    ACCESS_UNDECIDED, /* access_ask() decides, in a worker */
} access_t;

/** @brief False when the request names a host that this server is not known by (DNS rebinding). */
bool access_knows_host(const session_t *session);

/** @brief Judges without waiting. @param route  NULL: there is none */
access_t access_judge(const session_t *session, const route_t *route);

/** @brief Answers 401 with a challenge. */
void access_challenge(session_t *session);

/** @brief Has uhttpd_config_t::auth decide. @return true: granted; else the request has been answered. Workers only. */
bool access_ask(session_t *session);
