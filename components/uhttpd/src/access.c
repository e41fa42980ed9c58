/* SPDX-License-Identifier: MIT */
#include "access.h"

#include <string.h>
#include <strings.h>

#include "dispatch.h"
#include "http/text.h"
#include "http/host.h"
#include "exchange.h"
#include "guesses_account.h"
#include "server.h"
#include "uhttpd_guesses.h"

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

/* Who decides on a request: a password, a function, or nobody. */
typedef struct {
    const char *basic;
    uhttpd_auth_t ask;
    void *ctx;
} access_rule_t;

static access_rule_t access_rule_for(const uh_session_t *session, const uh_route_t *route)
{
    const uhttpd_config_t *config = &session->server->config;
    if (asks_itself(session, route)) {
        return (access_rule_t) {0};
    }
    if (route && (route->public.basic_auth || route->public.auth)) {
        return (access_rule_t) {route->public.basic_auth, route->public.auth, route->public.auth_ctx};
    }
    return (access_rule_t) {config->basic_auth, config->auth, config->auth_ctx};
}

/* --- guesses ------------------------------------------------------------------------------------------------------ */

static const char *given_password(const uh_session_t *session)
{
    return uh_head_get(session->head, &session->parsed, "Authorization");
}

/* A connection that has given the right password need not wait for guessers at the same address. Routes may have different
 * ones, and who knows one of them may still guess another. */
static bool may_guess(const uh_session_t *session, const char *basic)
{
    return (basic && session->trusted == basic) || !uhttpd_guesses_wait(session->peer);
}

static uh_access_t judge_basic(uh_session_t *session, const char *given, const char *basic)
{
    if (!uh_secret_is_authorization(given, basic)) {
        session->trusted = NULL;
        uhttpd_guesses_wrong(session->peer);
        return UH_ACCESS_DENIED;
    }
    if (session->trusted != basic) {
        session->trusted = basic;
        uhttpd_guesses_right(session->peer);
    }
    return UH_ACCESS_GRANTED;
}

unsigned uh_access_retry_after(const uh_session_t *session)
{
    unsigned seconds = (uhttpd_guesses_wait(session->peer) + 999) / 1000;
    return seconds ? seconds : 1;
}

/* --- the verdict -------------------------------------------------------------------------------------------------- */

bool uh_access_is_open(const uh_session_t *session)
{
    const uhttpd_config_t *config = &session->server->config;
    return !config->basic_auth && !config->auth;
}

uh_access_t uh_access_judge(uh_session_t *session, const uh_route_t *route)
{
    access_rule_t rule = access_rule_for(session, route);
    if (!rule.basic && !rule.ask) {
        return UH_ACCESS_GRANTED;
    }
    const char *given = given_password(session);
    if (!given) {
        return rule.basic ? UH_ACCESS_DENIED : UH_ACCESS_UNDECIDED;
    }
    if (!may_guess(session, rule.basic)) {
        return UH_ACCESS_TOO_EARLY;
    }
    return rule.basic ? judge_basic(session, given, rule.basic) : UH_ACCESS_UNDECIDED;
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

/* What a callback lets in may need no password, so nothing is noted of it. Nor is an answer of its own but 401: a client
 * may be forbidden something, or led elsewhere, with the right password. */
static bool was_wrong_guess(const uh_session_t *session, esp_err_t verdict)
{
    bool refused = verdict != ESP_OK && verdict != ESP_ERR_NO_MEM && verdict != ESP_ERR_INVALID_STATE;
    uint16_t status = session->req.status;
    return refused && (status == 0 || status == 401);
}

bool uh_access_may_ask(uh_session_t *session)
{
    session->req.guess = given_password(session) ? uh_guesses_account_ask(session->peer) : 0;
    return session->req.guess || !given_password(session);
}

int uh_access_ask(uh_session_t *session)
{
    access_rule_t rule = access_rule_for(session, session->req.route);
    esp_err_t verdict = rule.ask(&session->req, rule.ctx);
    if (session->req.guess) {
        uh_guesses_account_answer(session->peer, session->req.guess, was_wrong_guess(session, verdict));
    }
    return verdict == ESP_OK ? 0 : session->req.failure ? session->req.failure : 403;
}
