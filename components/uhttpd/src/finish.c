/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>

#include "esp_log.h"
#include "flow.h"
#include "server.h"

static const char *TAG = "uhttpd";

#define LINGER_MS 2000 /* a client has this long to read the last response before the connection is cut */

static bool discard_input(session_t *session)
{
    char bin[256];
    for (int rounds = 0; rounds < 64; rounds++) { /* then the others have their turn */
        ssize_t got = recv(session->fd, bin, sizeof(bin), MSG_DONTWAIT);
        if (got == 0) {
            guest_remove(session);
            session_end(session);
            return false;
        }
        if (got < 0) {
            break; /* nothing now; a broken socket shows as ready again, and as an end of file */
        }
    }
    return true;
}

static void give_up(session_t *session, esp_err_t why)
{
    (void)why;
    session_end(session);
}

/* Closing while the client still sends would reset the connection, and the response might be lost with it (RFC 9112
 * section 9.6). A courtesy all the same: where there is no room for it, others need the room more. */
void session_linger(session_t *session)
{
    static const guest_t lingering = {
        .rank = GUEST_HUMBLE, .want = UHTTPD_OS_READ, .ready = discard_input, .over = give_up};
    shutdown(session->fd, SHUT_WR);
    if (!guest_add(session, &lingering, LINGER_MS)) {
        session_end(session);
    }
}

static bool may_reuse(session_t *session)
{
    return session->req.keep_alive && body_discard(session);
}

static bool has_unread_input(const session_t *session)
{
    char byte;
    return recv(session->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* @return whether there is input of the client's, or more of it to be expected, that must be read before closing. */
static bool must_linger(const session_t *session)
{
    return session->req.refused || !session->req.body_done || has_unread_input(session);
}

static bool go_on_sending(session_t *session);

static void after_sending(session_t *session)
{
    if (session->req.broken) {
        session_end(session);
    } else if (may_reuse(session)) {
        session_reuse(session);
    } else {
        session_linger(session);
    }
}

static void wait_to_send(session_t *session)
{
    static const guest_t sending = {
        .rank = GUEST_STREAM, .want = UHTTPD_OS_WRITE, .ready = go_on_sending, .over = give_up};
    guest_add(session, &sending, session->server->config.send_timeout);
}

static bool go_on_sending(session_t *session)
{
    uhttpd_req_t *req = &session->req;
    size_t before = req->unsent_at;
    bool done = response_flush(session);
    if (!done && req->unsent_at == before) {
        return true;
    }
    guest_remove(session);
    if (!session_keeps_pace(session, &req->pace_out, session->waits_since)) {
        session_end(session);
    } else if (done) {
        after_sending(session);
    } else {
        wait_to_send(session);
    }
    return false;
}

static void settle_response(session_t *session, esp_err_t result)
{
    uhttpd_req_t *req = &session->req;
    if (req->response == RESPONSE_NONE) {
        if (result == ESP_OK && !req->failure) {
            ESP_LOGE(TAG, "the handler of %s has not answered", req->route->public.url);
        }
        req->keep_alive = false;
        respond(session, req->failure ? req->failure : 500, NULL, 0);
    } else if (req->response != RESPONSE_DONE || result != ESP_OK) {
        /* Half a chunked response, or a raw one: only the end of the connection says that it is over. */
        req->keep_alive = false;
        req->broken = req->broken || req->response == RESPONSE_CHUNKS;
    }
}

/* What remains takes a while: the I/O task sees to it. */
static esp_err_t leave_to_io(session_t *session, httpd_req_t *r, void (*in_io)(session_t *session))
{
    if (r && !session_detach(session, r)) {
        return ESP_FAIL;
    }
    session_to_io(session, in_io);
    return ESP_OK;
}

esp_err_t finish_request(session_t *session, httpd_req_t *r, esp_err_t result)
{
    uhttpd_req_t *req = &session->req;
    if (req->taken) {
        conn_start(session);
        return ESP_OK;
    }
    if (req->inflow || req->outflow) {
        flow_start(session, result);
        return ESP_OK;
    }
    settle_response(session, result);
    if (req->unsent) {
        return leave_to_io(session, r, wait_to_send);
    }
    if (!req->broken && may_reuse(session)) {
        session_reuse(session);
        return ESP_OK;
    }
    if (!req->broken && must_linger(session)) {
        return leave_to_io(session, r, session_linger);
    }
    if (r) {
        return ESP_FAIL;
    }
    session_end(session);
    return ESP_OK;
}
