/* SPDX-License-Identifier: MIT */
#include "dispatch.h"

#include <string.h>

#include "access.h"
#include "body.h"
#include "container_of.h"
#include "cors.h"
#include "esp_log.h"
#include "finish.h"
#include "http/method.h"
#include "http/text.h"
#include "response.h"
#include "server.h"
#include "waiting.h"

static const char *TAG = "uhttpd";

#define READS_ONLY (UHTTPD_GET | UHTTPD_HEAD | UHTTPD_OPTIONS)

static void begin_request(uh_session_t *session, httpd_req_t *r)
{
    /* When others wait for a socket, each client gets one answer and then makes room. */
    bool keep_alive = session->parsed.keep_alive && !uh_server_is_crowded(session->server);
    session->req = (uhttpd_req_t) {.keep_alive = keep_alive, .engine = r};
    uh_body_init(session);
}

/* After a head that was not understood, nothing that follows on this connection can be. */
static bool ends_connection(int status)
{
    return status >= 400 && status != 401 && status != 403 && status != 404 && status != 405 && status != 421;
}

static esp_err_t dispatch_refuse(uh_session_t *session, httpd_req_t *r, int status, const uhttpd_header_t *extra)
{
    if (ends_connection(status)) {
        session->req.keep_alive = false;
    }
    uh_respond(session, status, extra, extra ? 1 : 0);
    return uh_finish_request(session, r, ESP_OK);
}

static esp_err_t dispatch_refuse_busy(uh_session_t *session, httpd_req_t *r)
{
    return dispatch_refuse(session, r, 503, &(uhttpd_header_t) {"Retry-After", "1"});
}

void uh_dispatch_give_up(uh_session_t *session)
{
    dispatch_refuse_busy(session, NULL);
}

esp_err_t uh_dispatch_refusal(uh_session_t *session, httpd_req_t *r, int status)
{
    session->parsed = (uh_http_head_t) {.method = UHTTPD_GET, .minor = 1, .content_length = UH_HEAD_NO_LENGTH};
    begin_request(session, r);
    session->req.refused = true;
    return status == 503 ? dispatch_refuse_busy(session, r) : dispatch_refuse(session, r, status, NULL);
}

/* --- with a route, or without ------------------------------------------------------------------------------------- */

/* @param path  true: methods for the path of the request; false: for all paths */
static unsigned methods_for(const uh_session_t *session, bool path)
{
    const uh_http_head_t *head = &session->parsed;
    return uh_router_methods(&session->server->router, path ? session->head + head->path : NULL, head->path_len);
}

static esp_err_t answer_without_route(uh_session_t *session, httpd_req_t *r)
{
    bool all = strcmp(session->head + session->parsed.target, "*") == 0; /* OPTIONS of the server itself */
    unsigned methods = methods_for(session, !all);
    char list[UH_METHOD_LIST_SIZE];
    uh_method_list(methods | UHTTPD_OPTIONS, list);
    uhttpd_header_t allow = {"Allow", list};
    if (session->parsed.method == UHTTPD_OPTIONS && (methods || all)) {
        return dispatch_refuse(session, r, 204, &allow);
    }
    if (session->parsed.method == UHTTPD_ANY && !(methods_for(session, false) & UHTTPD_ANY)) {
        return dispatch_refuse(session, r, 501, NULL);
    }
    return methods ? dispatch_refuse(session, r, 405, &allow) : dispatch_refuse(session, r, 404, NULL);
}

/* This needs no password: where one is required, the answer does not reveal which URLs exist. */
static esp_err_t answer_preflight(uh_session_t *session, httpd_req_t *r)
{
    bool open = uh_access_judge(session, NULL) == UH_ACCESS_GRANTED;
    unsigned methods = open ? methods_for(session, true) : 0;
    uh_cors_answer_preflight(session, methods ? methods : methods_for(session, false));
    return uh_finish_request(session, r, ESP_OK);
}

/* A page from elsewhere must not change anything here behind its visitor's back (CSRF). */
static bool is_forgery(const uh_session_t *session)
{
    return !(session->parsed.method & READS_ONLY) && !uh_cors_may_change_state(session);
}

/* Other upgrades, such as curl's to h2c, are declined: the request is answered as if it did not ask for one. */
bool uh_dispatch_is_upgrade(const uh_session_t *session)
{
    const uh_http_head_t *head = &session->parsed;
    return head->upgrade && head->method == UHTTPD_GET &&
           uh_token_in_list(uh_head_get(session->head, head, "Upgrade"), "websocket", true);
}

static bool runs_here(const uh_session_t *session, const uh_route_t *route)
{
    return session->req.may_block || route->public.inline_handler ||
           (route->options.inline_upgrade && uh_dispatch_is_upgrade(session));
}

static esp_err_t run_handler(uh_session_t *session, httpd_req_t *r)
{
    const uhttpd_route_t *route = &session->req.route->public;
    return uh_finish_request(session, r, route->handler(&session->req, route->ctx));
}

static esp_err_t hand_to_worker(uh_session_t *session, httpd_req_t *r);

/* The client may ask this. */
static esp_err_t dispatch_serve(uh_session_t *session, httpd_req_t *r)
{
    session->req.admitted = true;
    if (!session->req.route) {
        return answer_without_route(session, r);
    }
    if (is_forgery(session)) {
        ESP_LOGW(TAG, "%s: refused, its Origin is another host", session->head + session->parsed.target);
        return dispatch_refuse(session, r, 403, NULL);
    }
    if (uh_body_is_announced_too_long(session)) {
        return dispatch_refuse(session, r, 413, NULL);
    }
    return runs_here(session, session->req.route) ? run_handler(session, r) : hand_to_worker(session, r);
}

/* --- in a worker -------------------------------------------------------------------------------------------------- */

static void run_in_worker(uhttpd_job_t *job, bool cancelled)
{
    uh_session_t *session = UH_CONTAINER_OF(job, uh_session_t, req.job);
    uh_keeper_forget(session);
    if (cancelled || atomic_load(&session->server->stopping)) {
        dispatch_refuse_busy(session, NULL);
        return;
    }
    session->req.may_block = true;
    if (session->req.admitted) {
        run_handler(session, NULL);
    } else if (uh_access_ask(session)) {
        dispatch_serve(session, NULL);
    } else {
        uh_finish_request(session, NULL, ESP_OK);
    }
}

static esp_err_t hand_to_worker(uh_session_t *session, httpd_req_t *r)
{
    if (r && !uh_session_detach(session, r)) {
        return dispatch_refuse_busy(session, r);
    }
    session->req.job.run = run_in_worker;
    uh_keeper_watch(session);
    if (uh_executor_submit(&session->server->executor, &session->req.job) != ESP_OK) {
        return dispatch_refuse_busy(session, NULL);
    }
    return ESP_OK;
}

/* --- from the gate ------------------------------------------------------------------------------------------------ */

static esp_err_t dispatch_admit(uh_session_t *session, httpd_req_t *r)
{
    switch (uh_access_judge(session, session->req.route)) {
    case UH_ACCESS_GRANTED:
        return dispatch_serve(session, r);
    case UH_ACCESS_UNDECIDED:
        return hand_to_worker(session, r);
    default:
        uh_access_challenge(session);
        return uh_finish_request(session, r, ESP_OK);
    }
}

static void dispatch_trace(const uh_session_t *session)
{
    const uhttpd_config_t *config = &session->server->config;
    if (config->trace) {
        config->trace(session->server, session->head, session->head_len, config->trace_ctx);
    }
}

esp_err_t uh_dispatch_head(uh_session_t *session, httpd_req_t *r)
{
    dispatch_trace(session);
    int status = uh_head_parse(session->head, session->head_len, &session->parsed);
    if (status) {
        return uh_dispatch_refusal(session, r, status);
    }
    const uh_http_head_t *head = &session->parsed;
    begin_request(session, r);
    if (atomic_load(&session->server->stopping)) {
        return dispatch_refuse_busy(session, r);
    }
    if (!uh_access_knows_host(session)) {
        return dispatch_refuse(session, r, 421, NULL);
    }
    const uh_route_t *route =
        uh_router_find(&session->server->router, head->method, session->head + head->path, head->path_len);
    session->req.route = route;
    /* A preflight has no credentials. If a route names OPTIONS, that route answers preflights by itself. */
    if (uh_cors_is_preflight(session) && !(route && route->public.methods & UHTTPD_OPTIONS)) {
        return answer_preflight(session, r);
    }
    return dispatch_admit(session, r);
}
