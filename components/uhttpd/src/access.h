/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Who may ask: known hosts, passwords, and pages of other origins.
 */

/* --- hosts and passwords ------------------------------------------------------------------------------------------ */

/* Who may send requests: uhttpd_config_t::hosts, basic_auth and auth. */

typedef enum {
    UH_ACCESS_GRANTED,
    UH_ACCESS_DENIED,    /* 401 */
    UH_ACCESS_TOO_EARLY, /* 429: too many passwords from there were wrong */
    UH_ACCESS_UNDECIDED, /* uh_access_ask() decides, in a worker */
} uh_access_t;

/** @brief False when the request names a host that is not one of this server's (DNS rebinding). */
bool uh_access_knows_host(const uh_session_t *session);

/** @brief False when no hosts were named and this one is not near (uh_authority_is_near()): for what may change state. */
bool uh_access_trusts_host(const uh_session_t *session);

/** @brief False when a password may be needed for other URLs than those of routes with a password of their own. */
bool uh_access_is_open(const uh_session_t *session);

/** @brief Judges without waiting, and notes what was guessed. @param route  NULL: there is none */
uh_access_t uh_access_judge(uh_session_t *session, const uh_route_t *route);

/** @brief Whole seconds after which #UH_ACCESS_TOO_EARLY ends; at least 1. */
unsigned uh_access_retry_after(const uh_session_t *session);

#define UH_ACCESS_MAX_REALM 64 /* bytes that are shown of it */
#define UH_ACCESS_CHALLENGE_SIZE (sizeof("Basic realm=\"\", charset=\"UTF-8\"") + UH_ACCESS_MAX_REALM)

/** @brief Writes what WWW-Authenticate says in a 401. */
void uh_access_challenge(const uh_session_t *session, char challenge[UH_ACCESS_CHALLENGE_SIZE]);

/**
 * @brief Whether uh_access_ask() may follow now. If not, other passwords from there are being judged, and the credit for
 *        wrong ones does not suffice for all of them: try again soon.
 */
bool uh_access_may_ask(uh_session_t *session);

/**
 * @brief Has uhttpd_route_t::auth or uhttpd_config_t::auth decide. Workers only.
 * @return 0: granted; else the status to refuse with. In either case it may have answered itself.
 */
int uh_access_ask(uh_session_t *session);

/* --- other origins ------------------------------------------------------------------------------------------------ */

/*
 * Pages of other origins: which may read responses (https://fetch.spec.whatwg.org/#http-cors-protocol), and which may
 * change anything.
 */

#define UH_ACCESS_FOREIGN "the page is from an origin that the setting `origins` does not have"

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
