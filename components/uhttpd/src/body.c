/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <string.h>

#include "io.h"
#include "server.h"

#define DISCARD_LIMIT (64 * 1024) /* bytes of an unread body that are read to keep the connection */

void uh_body_init(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    const uh_http_head_t *head = &session->parsed;
    req->body_left = head->content_length > 0 ? head->content_length : 0;
    req->body_done = !head->chunked && req->body_left == 0;
    req->expects_continue = head->expect_continue && !req->body_done;
    uh_chunked_init(&req->chunks);
}

/* @return what to ask the socket for, so that nothing of the next request is read. */
static size_t safe_read(const uh_session_t *session, size_t size)
{
    const uhttpd_req_t *req = &session->req;
    if (session->parsed.chunked) {
        size_t safe = uh_chunked_safe_read(&req->chunks);
        return safe < size ? safe : size;
    }
    return (uint64_t)req->body_left < size ? (size_t)req->body_left : size;
}

/* Removes the coding from what was read. @return false: malformed. */
static bool body_decode(uh_session_t *session, uint8_t *buf, size_t *len)
{
    uhttpd_req_t *req = &session->req;
    if (!session->parsed.chunked) {
        req->body_left -= (int64_t)*len;
        req->body_done = req->body_left == 0;
        return true;
    }
    size_t used;
    int result = uh_chunked_decode(&req->chunks, buf, len, &used);
    req->body_done = result > 0;
    return result >= 0;
}

esp_err_t uh_body_fail(uh_session_t *session, esp_err_t err, int status)
{
    uhttpd_req_t *req = &session->req;
    req->failure = status;
    req->body_error = err;
    req->broken = req->broken || req->response != UH_RESPONSE_NONE; /* nothing sent: an error can still be */
    req->keep_alive = false;
    req->refused = true;
    req->body_done = true;
    return err;
}

esp_err_t uh_body_refuse(uhttpd_req_t *req, int status, const char *reason)
{
    req->failure = status;
    req->fault = reason;
    return ESP_ERR_UHTTPD_REFUSED;
}

int uhttpd_req_fault(const uhttpd_req_t *req, const char **reason)
{
    *reason = req->fault;
    return req->fault ? req->failure : 0;
}

static bool body_is_too_long(const uh_session_t *session, uint64_t len)
{
    const uh_route_t *route = session->req.route;
    uint32_t most = route && route->options.any_length ? 0 : session->server->config.max_body;
    return most && len > most;
}

/* A chunk says how long it is before it comes. Once there is an answer, that alone is no reason to lose it. */
static uint64_t body_so_far(const uhttpd_req_t *req)
{
    return req->body_seen + (req->response == UH_RESPONSE_NONE ? req->chunks.left : 0);
}

bool uh_body_is_announced_too_long(const uh_session_t *session)
{
    return session->parsed.content_length > 0 && body_is_too_long(session, (uint64_t)session->parsed.content_length);
}

bool uh_body_is_over(const uhttpd_req_t *req)
{
    return req->body_done && !req->early;
}

esp_err_t uh_body_receive_now(uh_session_t *session, void *buf, size_t size, size_t *got)
{
    uhttpd_req_t *req = &session->req;
    *got = 0;
    ssize_t result = uh_wire_read(&session->wire, buf, safe_read(session, size));
    if (result == UH_WIRE_LATER) {
        return ESP_ERR_NOT_FINISHED;
    }
    if (result < 0) {
        return uh_body_fail(session, result == UH_WIRE_ENDED ? ESP_ERR_UHTTPD_BODY : ESP_ERR_UHTTPD_GONE, 400);
    }
    uh_pace_moved(&req->pace_in, (size_t)result);
    *got = (size_t)result;
    esp_err_t err = ESP_OK;
    if (!body_decode(session, buf, got)) {
        err = uh_body_fail(session, ESP_ERR_UHTTPD_BODY, 400);
    } else {
        req->body_seen += *got;
        err = body_is_too_long(session, body_so_far(req)) ? uh_body_fail(session, ESP_ERR_UHTTPD_TOO_BIG, 413) : ESP_OK;
    }
    *got = err == ESP_OK ? *got : 0;
    return err;
}

esp_err_t uh_body_read_now(uh_session_t *session, void *buf, size_t size, size_t *got)
{
    if (session->req.early) {
        *got = uh_request_take_early(&session->req, &session->server->early, buf, size);
        return ESP_OK;
    }
    return uh_body_receive_now(session, buf, size, got);
}

static esp_err_t wait_readable(uh_session_t *session)
{
    uint32_t timeout = session->server->config.body_timeout;
    bool comes = uh_session_wait(session, UHTTPD_OS_READ, timeout, &session->req.pace_in);
    return comes ? ESP_OK : uh_body_fail(session, ESP_ERR_TIMEOUT, 408);
}

static const char s_continue[] = "HTTP/1.1 100 Continue\r\n\r\n";

static bool must_invite(uhttpd_req_t *req)
{
    bool must = req->expects_continue && req->response == UH_RESPONSE_NONE;
    req->expects_continue = req->expects_continue && !must;
    return must;
}

/* A client whose window has no room for these few bytes is not reading what it was sent before. */
void uh_body_invite_now(uh_session_t *session)
{
    size_t len = sizeof(s_continue) - 1;
    if (must_invite(&session->req) && uh_send_now(session, s_continue, len) != (ssize_t)len) {
        session->req.broken = true;
        uh_body_fail(session, ESP_ERR_UHTTPD_GONE, 400);
    }
}

static void invite_body(uh_session_t *session)
{
    if (must_invite(&session->req)) {
        uh_send_all(session, s_continue, sizeof(s_continue) - 1);
    }
}

esp_err_t uhttpd_req_read(uhttpd_req_t *req, void *buf, size_t size, size_t *got)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    *got = 0;
    if (!req->may_block) {
        return ESP_ERR_INVALID_STATE;
    }
    if (req->body_error != ESP_OK) {
        return req->body_error; /* never an end of the body: half a body must not pass for a whole one */
    }
    invite_body(session);
    while (size && !*got && !uh_body_is_over(req)) {
        esp_err_t err = uh_body_read_now(session, buf, size, got);
        if (err == ESP_ERR_NOT_FINISHED) {
            err = wait_readable(session);
        }
        if (err != ESP_OK) {
            return atomic_load(&session->server->stopping) ? ESP_ERR_UHTTPD_STOPPING : err;
        }
    }
    return ESP_OK;
}

bool uh_body_discard(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    if (req->expects_continue) {
        return false; /* nobody knows whether the client will send it after all */
    }
    uint8_t bin[256];
    size_t total = 0, got;
    while (!req->body_done && total < DISCARD_LIMIT) {
        if (uh_body_receive_now(session, bin, sizeof(bin), &got) != ESP_OK) {
            break;
        }
        total += sizeof(bin);
    }
    return req->body_done && !req->refused;
}
