/* SPDX-License-Identifier: MIT */
#include "dispatch.h"

#include "exchange.h"
#include "stream.h"
#include "esp_log.h"
#include "http/status.h"
#include "server.h"
#include "waiting.h"

static const char *TAG = "uhttpd";

#define LINGER_MS 2000 /* a client has this long to read the last response before the connection is cut */

static bool finish_discard_input(uh_session_t *session)
{
    char bin[256];
    for (int rounds = 0; rounds < 64; rounds++) { /* then the others have their turn */
        ssize_t got = uh_wire_read(&session->wire, bin, sizeof(bin));
        if (got == UH_WIRE_LATER) {
            break;
        }
        if (got < 0) {
            uh_guest_remove(session);
            uh_session_end(session);
            return false;
        }
    }
    return true;
}

static void finish_give_up(uh_session_t *session, esp_err_t why)
{
    (void)why;
    uh_session_end(session);
}

/* Closing while the client still sends would reset the connection, which might destroy the response (RFC 9112 section
 * 9.6). This is a courtesy: if there is no room for it, others need the room more. */
void uh_session_linger(uh_session_t *session)
{
    static const uh_guest_t lingering = {
        .rank = UH_GUEST_HUMBLE, .want = UHTTPD_OS_READ, .ready = finish_discard_input, .over = finish_give_up};
    uh_wire_finish(&session->wire);
    if (!uh_guest_add(session, &lingering, LINGER_MS)) {
        uh_session_end(session);
    }
}

static bool may_reuse(uh_session_t *session)
{
    return session->req.keep_alive && uh_body_discard(session);
}

/* @return whether there is input of the client's, or more of it to be expected, that must be read before closing. */
static bool must_linger(const uh_session_t *session)
{
    return session->req.refused || !session->req.body_done || uh_wire_is_readable(&session->wire);
}

static bool go_on_sending(uh_session_t *session);

static void after_sending(uh_session_t *session)
{
    if (session->req.broken) {
        uh_session_end(session);
    } else if (may_reuse(session)) {
        uh_session_reuse(session);
    } else {
        uh_session_linger(session);
    }
}

static void wait_to_send(uh_session_t *session)
{
    static const uh_guest_t sending = {
        .rank = UH_GUEST_STREAM, .want = UHTTPD_OS_WRITE, .ready = go_on_sending, .over = finish_give_up};
    uh_guest_add(session, &sending, session->server->config.send_timeout);
}

static bool go_on_sending(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    size_t before = req->unsent_at;
    bool done = uh_send_flush(session);
    if (!done && req->unsent_at == before) {
        return true;
    }
    uh_guest_remove(session);
    if (!uh_session_keeps_pace(session, &req->pace_out, session->waits_since)) {
        uh_session_end(session);
    } else if (done) {
        after_sending(session);
    } else {
        wait_to_send(session);
    }
    return false;
}

static const char *failure_reason(const uhttpd_req_t *req, int status)
{
    if (req->fault) {
        return req->fault;
    }
    return status == 400 ? "the body breaks off, or is malformed" : uh_status_reason(status);
}

static void answer_for_handler(uh_session_t *session, esp_err_t result)
{
    uhttpd_req_t *req = &session->req;
    if (result == ESP_OK && !req->failure) {
        ESP_LOGE(TAG, "the handler of %s has not answered", req->route->public.url);
    }
    req->keep_alive = false;
    int status = req->failure ? req->failure : 500;
    uh_respond(req, status, failure_reason(req, status), NULL, 0);
}

/* Half a chunked response, or a raw one, ends only with the connection. */
static void settle_response(uh_session_t *session, esp_err_t result)
{
    uhttpd_req_t *req = &session->req;
    if (req->response != UH_RESPONSE_DONE || result != ESP_OK) {
        req->keep_alive = false;
        req->broken = req->broken || req->response == UH_RESPONSE_CHUNKS;
    }
}

/* What remains takes a while: the I/O task sees to it. */
static esp_err_t leave_to_io(uh_session_t *session, void (*in_io)(uh_session_t *session))
{
    if (!uh_session_detach(session)) {
        return ESP_FAIL;
    }
    uh_session_to_io(session, in_io);
    return ESP_OK;
}

esp_err_t uh_finish_request(uh_session_t *session, esp_err_t result)
{
    uhttpd_req_t *req = &session->req;
    if (!req->held && !uhttpd_req_answered(req)) {
        answer_for_handler(session, result);
        result = ESP_OK; /* that of the page, which may be a stream */
    }
    if (req->taken) {
        uh_conn_start(session);
        return ESP_OK;
    }
    if (req->held) {
        uh_hold_start(session);
        return ESP_OK;
    }
    if (req->inflow || req->outflow) {
        uh_flow_start(session, result);
        return ESP_OK;
    }
    settle_response(session, result);
    if (req->unsent) {
        return leave_to_io(session, wait_to_send);
    }
    if (!req->broken && may_reuse(session)) {
        uh_session_reuse(session);
        return ESP_OK;
    }
    if (!req->broken && must_linger(session)) {
        return leave_to_io(session, uh_session_linger);
    }
    if (!session->detached) {
        return ESP_FAIL;
    }
    uh_session_end(session);
    return ESP_OK;
}
