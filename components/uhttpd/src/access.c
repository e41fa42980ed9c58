/* SPDX-License-Identifier: MIT */
#include "access.h"

#include <stdio.h>

#include "authority.h"
#include "secret.h"
#include "server.h"

#define MAX_REALM 64 /* bytes that are shown of it */

bool access_knows_host(const session_t *session)
{
    const char *const *known = session->server->config.hosts;
    const char *host = head_get(session->head, &session->parsed, "Host");
    if (!known) {
        return true;
    }
    for (; host && *known; known++) {
        if (authority_is(host, *known)) {
            return true;
        }
    }
    return false;
}

/* What a WebSocket route answers to a plain GET is a page like any other. */
static bool asks_itself(const session_t *session, const route_t *route)
{
    return route && route->public.own_auth && (!route->options.inline_upgrade || dispatch_is_upgrade(session));
}

access_t access_judge(const session_t *session, const route_t *route)
{
    const uhttpd_config_t *config = &session->server->config;
    if (asks_itself(session, route)) {
        return ACCESS_GRANTED;
    }
    if (config->basic_auth) {
        const char *given = head_get(session->head, &session->parsed, "Authorization");
        return given && secret_is_authorization(given, config->basic_auth) ? ACCESS_GRANTED : ACCESS_DENIED;
    }
    return config->auth ? ACCESS_UNDECIDED : ACCESS_GRANTED;
}

void access_challenge(session_t *session)
{
    const char *realm = session->server->config.realm;
    char challenge[sizeof("Basic realm=\"\", charset=\"UTF-8\"") + MAX_REALM];
    snprintf(challenge, sizeof(challenge), "Basic realm=\"%.*s\", charset=\"UTF-8\"", MAX_REALM,
             realm ? realm : "uhttpd");
    respond(session, 401, &(uhttpd_header_t) {"WWW-Authenticate", challenge}, 1);
}

bool access_ask(session_t *session)
{
    const uhttpd_config_t *config = &session->server->config;
    esp_err_t verdict = config->auth(&session->req, config->auth_ctx);
    if (uhttpd_req_answered(&session->req)) {
        return false;
    }
    if (verdict != ESP_OK) {
        respond(session, session->req.failure ? session->req.failure : 403, NULL, 0);
    }
    return verdict == ESP_OK;
}
