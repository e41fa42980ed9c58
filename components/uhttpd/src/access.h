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

#define UH_ACCESS_MAX_REALM 64 /* bytes that are shown of it */
#define UH_ACCESS_CHALLENGE_SIZE (sizeof("Basic realm=\"\", charset=\"UTF-8\"") + UH_ACCESS_MAX_REALM)

/** @brief Writes what WWW-Authenticate says in a 401. */
void uh_access_challenge(const uh_session_t *session, char challenge[UH_ACCESS_CHALLENGE_SIZE]);

/**
 * @brief Has uhttpd_config_t::auth decide. Workers only.
 * @return 0: granted; else the status to refuse with. In either case it may have answered itself.
 */
int uh_access_ask(uh_session_t *session);
