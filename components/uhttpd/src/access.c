/* SPDX-License-Identifier: MIT */
#include "access.h"

#include <string.h>
#include <strings.h>

#include "dispatch.h"
#include "http/text.h"
#include "http/host.h"
#include "exchange.h"
#include "server.h"

bool uh_access_knows_host(const uh_session_t *session)
{
    const char *const *known = session->server->config.hosts;
    const char *host = uh_head_get(session->head, &session->parsed, "Host");
    if (!known) {
        return true; /* uh_access_trusts_host() has more to say */
    }
    for (; host && *known; known++) {
        if (uh_authority_is(host, *known)) {
            return true;
        }
    }
    return false;
}

/* webrepl_cli.py names this host, whichever board it talks to. It is no browser, and sends no Origin. */
static bool is_old_client(const uh_session_t *session, const char *host)
{
    return strcasecmp(host, "echo.websocket.org") == 0 && !uh_head_get(session->head, &session->parsed, "Origin");
}

bool uh_access_trusts_host(const uh_session_t *session)
{
    const char *host = uh_head_get(session->head, &session->parsed, "Host");
    bool listed = session->server->config.cors_origins && uh_cors_allowed_origin(session);
    return listed || session->server->config.hosts || !host || uh_authority_is_near(host) ||
           is_old_client(session, host);
}

/* A WebSocket route answers a plain GET with a page like any other. */
static bool asks_itself(const uh_session_t *session, const uh_route_t *route)
{
    return route && route->public.own_auth &&
           (!route->options.inline_upgrade || uh_head_is_websocket(session->head, &session->parsed));
}

uh_access_t uh_access_judge(const uh_session_t *session, const uh_route_t *route)
{
    const uhttpd_config_t *config = &session->server->config;
    if (asks_itself(session, route)) {
        return UH_ACCESS_GRANTED;
    }
    if (config->basic_auth) {
        const char *given = uh_head_get(session->head, &session->parsed, "Authorization");
        return given && uh_secret_is_authorization(given, config->basic_auth) ? UH_ACCESS_GRANTED : UH_ACCESS_DENIED;
    }
    return config->auth ? UH_ACCESS_UNDECIDED : UH_ACCESS_GRANTED;
}

void uh_access_challenge(const uh_session_t *session, char challenge[UH_ACCESS_CHALLENGE_SIZE])
{
    const char *realm = session->server->config.realm;
    uh_text_t text = {.at = challenge, .room = UH_ACCESS_CHALLENGE_SIZE};
    realm = realm ? realm : "uhttpd";
    uh_text_add(&text, "Basic realm=\"");
    uh_text_bytes(&text, realm, strnlen(realm, UH_ACCESS_MAX_REALM));
    uh_text_add(&text, "\", charset=\"UTF-8\"");
    uh_text_end(&text);
}

int uh_access_ask(uh_session_t *session)
{
    const uhttpd_config_t *config = &session->server->config;
    esp_err_t verdict = config->auth(&session->req, config->auth_ctx);
    return verdict == ESP_OK ? 0 : session->req.failure ? session->req.failure : 403;
}
