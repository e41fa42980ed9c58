/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "esp_log.h"
#include "origin.h"
#include "server.h"
#include "token.h"
#include "uhttpd_priv.h"

static const char *TAG = "uhttpd";

#define CHANGES_STATE (UHTTPD_POST | UHTTPD_PUT | UHTTPD_PATCH | UHTTPD_DELETE | UHTTPD_MOVE)

static const struct {
    unsigned bit;
    const char *name;
} s_methods[] = {
    {UHTTPD_GET, "GET"},     {UHTTPD_HEAD, "HEAD"},     {UHTTPD_POST, "POST"}, {UHTTPD_PUT, "PUT"},
    {UHTTPD_PATCH, "PATCH"}, {UHTTPD_DELETE, "DELETE"}, {UHTTPD_MOVE, "MOVE"}, {UHTTPD_OPTIONS, "OPTIONS"},
};

static void list_methods(unsigned methods, char out[64])
{
    out[0] = '\0';
    for (size_t i = 0; i < sizeof(s_methods) / sizeof(s_methods[0]); i++) {
        if (methods & s_methods[i].bit) {
            if (out[0]) {
                strcat(out, ", ");
            }
            strcat(out, s_methods[i].name);
        }
    }
}

static void begin_request(session_t *session, httpd_req_t *r)
{
    session->req = (uhttpd_req_t) {.keep_alive = session->parsed.keep_alive, .engine = r};
    body_init(session);
}

/* After what was not understood, nothing that follows on this connection can be. */
static bool ends_connection(int status)
{
    return status >= 400 && status != 403 && status != 404 && status != 405;
}

static esp_err_t refuse(session_t *session, httpd_req_t *r, int status, const uhttpd_header_t *extra)
{
    if (ends_connection(status)) {
        session->req.keep_alive = false;
    }
    respond(session, status, extra);
    return finish_request(session, r, ESP_OK);
}

esp_err_t dispatch_refusal(session_t *session, httpd_req_t *r, int status)
{
    session->parsed = (http_head_t) {.method = UHTTPD_GET, .minor = 1, .content_length = HEAD_NO_LENGTH};
    begin_request(session, r);
    session->req.refused = true;
    return refuse(session, r, status, NULL);
}

static esp_err_t refuse_busy(session_t *session, httpd_req_t *r)
{
    return refuse(session, r, 503, &(uhttpd_header_t) {"Retry-After", "1"});
}

static esp_err_t answer_without_route(session_t *session, httpd_req_t *r, unsigned allowed)
{
    char methods[64];
    list_methods(allowed | UHTTPD_OPTIONS, methods);
    uhttpd_header_t allow = {"Allow", methods};
    if (session->parsed.method == UHTTPD_OPTIONS) {
        return refuse(session, r, 204, &allow);
    }
    return allowed ? refuse(session, r, 405, &allow) : refuse(session, r, 404, NULL);
}

static void run_in_worker(uhttpd_job_t *job, bool cancelled)
{
    session_t *session = CONTAINER_OF(job, session_t, req.job);
    if (cancelled || atomic_load(&session->server->stopping)) {
        refuse_busy(session, NULL);
        return;
    }
    const uhttpd_route_t *route = &session->req.route->public;
    session->req.may_block = true;
    finish_request(session, NULL, route->handler(&session->req, route->ctx));
}

static esp_err_t hand_to_worker(session_t *session, httpd_req_t *r)
{
    if (r && !session_detach(session, r)) {
        return refuse_busy(session, r);
    }
    session->req.job.run = run_in_worker;
    if (executor_submit(&session->server->executor, &session->req.job) != ESP_OK) {
        return refuse_busy(session, NULL);
    }
    return ESP_OK;
}

/* A page from elsewhere must not change anything here behind its visitor's back (CSRF), unless the server is open to
 * other origins. */
static bool may_change_state(const session_t *session)
{
    const http_head_t *head = &session->parsed;
    return !(head->method & CHANGES_STATE) || session->server->config.cors ||
           origin_matches_host(head_get(session->head, head, "Origin"), head_get(session->head, head, "Host"));
}

/* Other upgrades, such as curl's to h2c, are declined, and the request answered as if they were not there. */
static bool asks_for_websocket(const session_t *session)
{
    const http_head_t *head = &session->parsed;
    return head->upgrade && head->method == UHTTPD_GET &&
           token_in_list(head_get(session->head, head, "Upgrade"), "websocket", true);
}

esp_err_t dispatch_head(session_t *session, httpd_req_t *r)
{
    int status = head_parse(session->head, session->head_len, &session->parsed);
    if (status) {
        return dispatch_refusal(session, r, status);
    }
    http_head_t *head = &session->parsed;
    begin_request(session, r);
    if (atomic_load(&session->server->stopping)) {
        return refuse_busy(session, r);
    }
    unsigned allowed;
    const route_t *route =
        router_find(&session->server->router, head->method, session->head + head->path, head->path_len, &allowed);
    if (!route) {
        return answer_without_route(session, r, allowed);
    }
    if (!may_change_state(session)) {
        ESP_LOGW(TAG, "%s: refused, its Origin is another host", session->head + head->target);
        return refuse(session, r, 403, NULL);
    }
    if (body_is_announced_too_long(session)) {
        return refuse(session, r, 413, NULL);
    }
    session->req.route = route;
    if (route->public.inline_handler || (route->options.inline_upgrade && asks_for_websocket(session))) {
        return finish_request(session, r, route->public.handler(&session->req, route->public.ctx));
    }
    return hand_to_worker(session, r);
}
