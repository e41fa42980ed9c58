/* SPDX-License-Identifier: MIT */
#include "cors.h"

#include <string.h>
#include <strings.h>

#include "origin.h"
#include "server.h"
#include "token.h"

#define MAX_AGE "600" /* seconds for which browsers need not ask again */

static const char *header(const session_t *session, const char *name)
{
    return head_get(session->head, &session->parsed, name);
}

static const char *listed_origin(const session_t *session)
{
    const uhttpd_config_t *config = &session->server->config;
    const char *origin = config->cors_origins ? header(session, "Origin") : NULL;
    for (const char *const *welcome = config->cors_origins; origin && *welcome; welcome++) {
        if (strcasecmp(origin, *welcome) == 0) {
            return origin;
        }
    }
    return NULL;
}

const char *cors_allowed_origin(const session_t *session)
{
    return session->server->config.cors ? "*" : listed_origin(session);
}

static bool is_own_page(const session_t *session)
{
    return origin_matches_host(header(session, "Origin"), header(session, "Host"));
}

bool cors_may_change_state(const session_t *session)
{
    return cors_allowed_origin(session) || is_own_page(session);
}

bool cors_may_upgrade(const session_t *session)
{
    return listed_origin(session) || is_own_page(session);
}

bool cors_is_preflight(const session_t *session)
{
    return session->parsed.method == UHTTPD_OPTIONS && header(session, "Origin") &&
           header(session, "Access-Control-Request-Method");
}

void cors_answer_preflight(session_t *session, unsigned methods)
{
    char known[METHOD_LIST_SIZE];
    method_list(methods | UHTTPD_OPTIONS, known);
    uhttpd_header_t headers[4] = {{"Allow", known}};
    size_t count = 1;
    if (cors_allowed_origin(session)) {
        const char *method = header(session, "Access-Control-Request-Method");
        const char *names = header(session, "Access-Control-Request-Headers");
        /* Where any method will do, it is the one that was asked for. */
        bool any = methods & UHTTPD_ANY && token_valid(method);
        headers[count++] = (uhttpd_header_t) {"Access-Control-Allow-Methods", any ? method : known};
        headers[count++] = (uhttpd_header_t) {"Access-Control-Max-Age", MAX_AGE};
        if (names && token_list_valid(names)) {
            headers[count++] = (uhttpd_header_t) {"Access-Control-Allow-Headers", names};
        }
    }
    respond(session, 204, headers, count);
}
