/* SPDX-License-Identifier: MIT */
#include "access.h"

#include <string.h>
#include <strings.h>

#include "http/host.h"
#include "http/text.h"
#include "server.h"

#define MAX_AGE "600" /* seconds for which browsers need not ask again */

static const char *cors_header(const uh_session_t *session, const char *name)
{
    return uh_head_get(session->head, &session->parsed, name);
}

static const char *listed_origin(const uh_session_t *session)
{
    const uhttpd_config_t *config = &session->server->config;
    const char *origin = config->cors_origins ? cors_header(session, "Origin") : NULL;
    for (const char *const *welcome = config->cors_origins; origin && *welcome; welcome++) {
        if (strcasecmp(origin, *welcome) == 0) {
            return origin;
        }
    }
    return NULL;
}

const char *uh_cors_allowed_origin(const uh_session_t *session)
{
    return session->server->config.cors ? "*" : listed_origin(session);
}

static bool is_own_page(const uh_session_t *session)
{
    return uh_origin_matches_host(cors_header(session, "Origin"), cors_header(session, "Host"));
}

bool uh_cors_may_change_state(const uh_session_t *session)
{
    return uh_cors_allowed_origin(session) || is_own_page(session);
}

bool uh_cors_may_upgrade(const uh_session_t *session)
{
    return listed_origin(session) || is_own_page(session);
}

bool uh_cors_is_preflight(const uh_session_t *session)
{
    return session->parsed.method == UHTTPD_OPTIONS && cors_header(session, "Origin") &&
           cors_header(session, "Access-Control-Request-Method");
}

uh_cors_preflight_t uh_cors_preflight(const uh_session_t *session, unsigned methods, const char *allow)
{
    if (!uh_cors_allowed_origin(session)) {
        return (uh_cors_preflight_t) {0};
    }
    const char *method = cors_header(session, "Access-Control-Request-Method");
    const char *names = cors_header(session, "Access-Control-Request-Headers");
    /* If any method is allowed, the answer names the requested one. */
    bool any = methods & UHTTPD_ANY && uh_token_valid(method);
    return (uh_cors_preflight_t) {.methods = any ? method : allow,
                                  .headers = names && uh_token_list_valid(names) ? names : NULL,
                                  .max_age = MAX_AGE};
}
