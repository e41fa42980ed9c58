/* SPDX-License-Identifier: MIT */
#include "dispatch.h"

#include <string.h>

#include "access.h"
#include "errors.h"
#include "exchange.h"
#include "io.h"
#include "esp_log.h"
#include "http/method.h"
#include "http/status.h"
#include "http/text.h"
#include "server.h"
#include "waiting.h"

static const char *TAG = "uhttpd";

#define READS_ONLY (UHTTPD_GET | UHTTPD_HEAD | UHTTPD_OPTIONS)

static void begin_request(uh_session_t *session)
{
    /* When others wait for a socket, each client gets one answer and then makes room. */
    bool keep_alive = session->parsed.keep_alive && !uh_keeper_needs_room(session->server);
    session->req = (uhttpd_req_t) {.keep_alive = keep_alive};
    uh_body_init(session);
}

/* After a head that was not understood, nothing that follows on this connection can be. */
static bool ends_connection(int status)
{
    return status >= 400 && status != 401 && status != 403 && status != 404 && status != 405 && status != 421 &&
           status != 429;
}

static void refuse_in_worker(uhttpd_job_t *job, bool cancelled);
static bool found_worker(uh_session_t *session, void (*run)(uhttpd_job_t *job, bool cancelled));

/* @return false: the answer is given here */
static bool left_to_worker(uh_session_t *session, int status, const char *reason)
{
    if (session->req.may_block || !uh_error_needs_worker(session, status)) {
        return false;
    }
    session->req.refusal = (uint16_t)status;
    session->req.refusal_reason = reason;
    return found_worker(session, refuse_in_worker);
}

/* @param reason  lives for ever where there may be a page for @p status; NULL: the usual one */
static esp_err_t dispatch_say(uh_session_t *session, int status, const char *reason, const uhttpd_header_t *headers,
                              size_t count)
{
    if (left_to_worker(session, status, reason)) {
        return ESP_OK;
    }
    if (ends_connection(status)) {
        session->req.keep_alive = false;
    }
    esp_err_t err = uh_respond(&session->req, status, reason ? reason : uh_status_reason(status), headers, count);
    if (err != ESP_OK) { /* a plain answer, which needs no memory, may still be possible */
        session->req.failure = err == ESP_ERR_NO_MEM ? 503 : 500;
    }
    return uh_finish_request(session, ESP_OK);
}

static esp_err_t dispatch_answer(uh_session_t *session, int status, const uhttpd_header_t *headers, size_t count)
{
    return dispatch_say(session, status, NULL, headers, count);
}

static esp_err_t dispatch_refuse(uh_session_t *session, int status, const uhttpd_header_t *extra)
{
    return dispatch_answer(session, status, extra, extra ? 1 : 0);
}

static esp_err_t dispatch_challenge(uh_session_t *session)
{
    char challenge[UH_ACCESS_CHALLENGE_SIZE];
    uh_access_challenge(session, challenge);
    return dispatch_refuse(session, 401, &(uhttpd_header_t) {"WWW-Authenticate", challenge});
}

static esp_err_t refuse_guess(uh_session_t *session)
{
    char seconds[UH_TEXT_DECIMAL + 1], reason[100];
    uh_text_t number = {.at = seconds, .room = sizeof(seconds)};
    uh_text_decimal(&number, uh_access_retry_after(session), 1);
    uh_text_end(&number);
    uh_text_t sentence = {.at = reason, .room = sizeof(reason)};
    uh_text_add(&sentence, "too many passwords were wrong: the next one is looked at in ");
    uh_text_add(&sentence, seconds);
    uh_text_add(&sentence, " s");
    uh_text_end(&sentence);
    return dispatch_say(session, 429, reason, &(uhttpd_header_t) {"Retry-After", seconds}, 1);
}

static esp_err_t dispatch_refuse_busy(uh_session_t *session)
{
    return dispatch_refuse(session, 503, &(uhttpd_header_t) {"Retry-After", "1"});
}

/* @param reason  of a head; NULL: none */
static esp_err_t refuse_head(uh_session_t *session, int status, const char *reason)
{
    session->parsed = (uh_http_head_t) {.method = UHTTPD_GET, .minor = 1, .content_length = UH_HEAD_NO_LENGTH};
    begin_request(session);
    session->req.refused = true;
    return status == 503 ? dispatch_refuse_busy(session) : dispatch_say(session, status, reason, NULL, 0);
}

esp_err_t uh_dispatch_refusal(uh_session_t *session, int status)
{
    return refuse_head(session, status, NULL);
}

/* --- with a route, or without ------------------------------------------------------------------------------------- */

static uh_route_t *find_route(const uh_session_t *session)
{
    struct uhttpd_server *server = session->server;
    const uh_http_head_t *head = &session->parsed;
    uhttpd_os_lock(server->lock);
    uh_route_t *route = uh_router_find(&server->router, head->method, session->head + head->path, head->path_len);
    uhttpd_os_unlock(server->lock);
    return route;
}

/* @param path  true: methods for the path of the request; false: for all paths */
static unsigned methods_for(const uh_session_t *session, bool path)
{
    struct uhttpd_server *server = session->server;
    const uh_http_head_t *head = &session->parsed;
    uhttpd_os_lock(server->lock);
    unsigned methods = uh_router_methods(&server->router, path ? session->head + head->path : NULL, head->path_len);
    uhttpd_os_unlock(server->lock);
    return methods;
}

static esp_err_t answer_without_route(uh_session_t *session)
{
    bool all = strcmp(session->head + session->parsed.target, "*") == 0; /* OPTIONS of the server itself */
    unsigned methods = methods_for(session, !all);
    char list[UH_METHOD_LIST_SIZE];
    uh_method_list(methods | UHTTPD_OPTIONS, list);
    uhttpd_header_t allow = {"Allow", list};
    if (session->parsed.method == UHTTPD_OPTIONS && (methods || all)) {
        return dispatch_refuse(session, 204, &allow);
    }
    if (session->parsed.method == UHTTPD_ANY && !(methods_for(session, false) & UHTTPD_ANY)) {
        return dispatch_refuse(session, 501, NULL);
    }
    return methods ? dispatch_refuse(session, 405, &allow) : dispatch_refuse(session, 404, NULL);
}

/* Nobody need know a password for this: where one is needed, it does not tell which URLs there are. */
static esp_err_t answer_preflight(uh_session_t *session)
{
    unsigned methods = uh_access_is_open(session) ? methods_for(session, true) : 0;
    methods = methods ? methods : methods_for(session, false);
    char allow[UH_METHOD_LIST_SIZE];
    uh_method_list(methods | UHTTPD_OPTIONS, allow);
    uh_cors_preflight_t cors = uh_cors_preflight(session, methods, allow);
    const uhttpd_header_t headers[] = {
        {"Allow", allow},
        {"Access-Control-Allow-Methods", cors.methods},
        {"Access-Control-Max-Age", cors.max_age},
        {"Access-Control-Allow-Headers", cors.headers},
    };
    return dispatch_answer(session, 204, headers, sizeof(headers) / sizeof(headers[0]));
}

/* A page from elsewhere must not change anything here without its visitor's knowledge (CSRF). */
static bool is_forgery(const uh_session_t *session)
{
    return !(session->parsed.method & READS_ONLY) && !uh_cors_may_change_state(session);
}

/* What a page must not do whose own name resolves to this server (DNS rebinding), when nobody has said by which names the
 * server is known. */
static bool needs_trust(const uh_session_t *session)
{
    return !(session->parsed.method & READS_ONLY) || uh_head_is_websocket(session->head, &session->parsed);
}

static bool runs_inline(const uh_session_t *session, const uh_route_t *route)
{
    return route->public.inline_handler ||
           (route->options.inline_upgrade && uh_head_is_websocket(session->head, &session->parsed));
}

static esp_err_t run_handler(uh_session_t *session)
{
    const uhttpd_route_t *route = &session->req.route->public;
    return uh_finish_request(session, route->handler(&session->req, route->ctx));
}

static void handle_in_worker(uhttpd_job_t *job, bool cancelled);
static esp_err_t hand_to_worker(uh_session_t *session, void (*run)(uhttpd_job_t *job, bool cancelled));

static esp_err_t run_in_worker(uh_session_t *session)
{
    return hand_to_worker(session, handle_in_worker);
}

/* The client may ask this. */
static esp_err_t dispatch_serve(uh_session_t *session)
{
    if (!session->req.route) {
        return answer_without_route(session);
    }
    if (is_forgery(session)) {
        ESP_LOGW(TAG, "%s: refused, its Origin is another host", session->head + session->parsed.target);
        return dispatch_say(session, 403, UH_ACCESS_FOREIGN, NULL, 0);
    }
    if (uh_body_is_announced_too_long(session)) {
        return dispatch_refuse(session, 413, NULL);
    }
    bool here = runs_inline(session, session->req.route);
    if (!here && uh_collect_applies(session)) {
        session->req.may_block = false; /* if a worker has asked for credentials, another may run the handler */
        return uh_collect_body(session, run_in_worker);
    }
    return here || session->req.may_block ? run_handler(session) : run_in_worker(session);
}

/* --- in a worker -------------------------------------------------------------------------------------------------- */

static void ask_in_worker(uhttpd_job_t *job, bool cancelled);

#define JUDGED_MS 50 /* after which others may have been judged */

static bool ask_again(uh_session_t *session)
{
    uh_guest_remove(session);
    hand_to_worker(session, ask_in_worker);
    return false;
}

static void asked_for_long(uh_session_t *session, esp_err_t why)
{
    if (why == ESP_ERR_TIMEOUT) {
        hand_to_worker(session, ask_in_worker);
    } else {
        dispatch_refuse_busy(session);
    }
}

/* No worker waits for the others, and neither does it do for a refusal that they may turn out to have been right. */
static void wait_for_others(uh_session_t *session)
{
    static const uh_guest_t undecided = {
        .rank = UH_GUEST_STREAM, .want = 0, .ready = ask_again, .over = asked_for_long};
    uh_guest_add(session, &undecided, JUDGED_MS);
}

static void dispatch_ask(uh_session_t *session)
{
    if (uh_access_judge(session, session->req.route) == UH_ACCESS_TOO_EARLY) { /* others were faster */
        refuse_guess(session);
        return;
    }
    if (!uh_access_may_ask(session)) {
        session->req.may_block = false;
        uh_session_to_io(session, wait_for_others);
        return;
    }
    int status = uh_access_ask(session);
    if (uhttpd_req_answered(&session->req)) {
        uh_finish_request(session, ESP_OK);
    } else if (status) {
        dispatch_refuse(session, status, NULL);
    } else {
        dispatch_serve(session);
    }
}

/* @return NULL: it came too late, and has been refused */
static uh_session_t *arrive_in_worker(uhttpd_job_t *job, bool cancelled)
{
    uh_session_t *session = UH_CONTAINER_OF(job, uh_session_t, req.job);
    uh_executor_let_refuse(job, false); /* what it has to do from now on is not refused */
    if (cancelled || atomic_load(&session->server->stopping)) {
        dispatch_refuse_busy(session);
        return NULL;
    }
    session->req.may_block = true;
    return session;
}

static void handle_in_worker(uhttpd_job_t *job, bool cancelled)
{
    uh_session_t *session = arrive_in_worker(job, cancelled);
    if (session) {
        run_handler(session);
    }
}

static void ask_in_worker(uhttpd_job_t *job, bool cancelled)
{
    uh_session_t *session = arrive_in_worker(job, cancelled);
    if (session) {
        dispatch_ask(session);
    }
}

/* What was already known is found out again, since another task's stack is gone. */
static void refuse_in_worker(uhttpd_job_t *job, bool cancelled)
{
    uh_session_t *session = arrive_in_worker(job, cancelled);
    if (!session) {
        return;
    }
    switch (session->req.refusal) {
    case 401:
        dispatch_challenge(session);
        break;
    case 405:
        answer_without_route(session);
        break;
    default:
        dispatch_say(session, session->req.refusal, session->req.refusal_reason, NULL, 0);
    }
}

static bool found_worker(uh_session_t *session, void (*run)(uhttpd_job_t *job, bool cancelled))
{
    if (!uh_session_detach(session)) {
        return false;
    }
    session->req.job.run = run;
    session->req.job.from = session->peer;
    uh_executor_let_refuse(&session->req.job, true);
    return uh_executor_submit(&session->server->executor, &session->req.job) == ESP_OK;
}

static esp_err_t hand_to_worker(uh_session_t *session, void (*run)(uhttpd_job_t *job, bool cancelled))
{
    return found_worker(session, run) ? ESP_OK : dispatch_refuse_busy(session);
}

/* --- from the gate ------------------------------------------------------------------------------------------------ */

static esp_err_t dispatch_admit(uh_session_t *session)
{
    switch (uh_access_judge(session, session->req.route)) {
    case UH_ACCESS_GRANTED:
        return dispatch_serve(session);
    case UH_ACCESS_UNDECIDED:
        return hand_to_worker(session, ask_in_worker);
    case UH_ACCESS_TOO_EARLY:
        return refuse_guess(session);
    default:
        return dispatch_challenge(session);
    }
}

static void dispatch_trace(const uh_session_t *session)
{
    const uhttpd_config_t *config = &session->server->config;
    if (config->trace) {
        config->trace(session->server, session->head, session->head_len, config->trace_ctx);
    }
}

esp_err_t uh_dispatch_head(uh_session_t *session)
{
    dispatch_trace(session);
    int status = uh_head_parse(session->head, session->head_len, &session->parsed);
    if (status) {
        return refuse_head(session, status, session->parsed.reason);
    }
    begin_request(session);
    if (atomic_load(&session->server->stopping)) {
        return dispatch_refuse_busy(session);
    }
    if (!uh_access_knows_host(session)) {
        return dispatch_refuse(session, 421, NULL);
    }
    if (needs_trust(session) && !uh_access_trusts_host(session)) {
        return dispatch_say(session, 421, "the Host is a name that the server's setting `hosts` does not have", NULL,
                            0);
    }
    const uh_route_t *route = session->req.route = find_route(session);
    /* A preflight has no credentials. If a route names OPTIONS, that route answers preflights by itself. */
    if (uh_cors_is_preflight(session) && !(route && route->public.methods & UHTTPD_OPTIONS)) {
        return answer_preflight(session);
    }
    return dispatch_admit(session);
}
