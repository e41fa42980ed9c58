/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "server.h"

static size_t total_of(const struct iovec *parts, int count)
{
    size_t total = 0;
    for (int i = 0; i < count; i++) {
        total += parts[i].iov_len;
    }
    return total;
}

static void send_advance(struct iovec *parts, int count, size_t sent)
{
    for (int i = 0; i < count && sent; i++) {
        size_t step = sent < parts[i].iov_len ? sent : parts[i].iov_len;
        parts[i].iov_base = (char *)parts[i].iov_base + step;
        parts[i].iov_len -= step;
        sent -= step;
    }
}

/* @return as uh_wire_write() */
static ssize_t send_once(uh_session_t *session, const struct iovec *parts, int count)
{
    ssize_t sent = uh_wire_write(&session->wire, parts, count);
    if (sent > 0) {
        uh_pace_moved(&session->req.pace_out, (size_t)sent);
    }
    return sent;
}

ssize_t uh_send_now(uh_session_t *session, const void *data, size_t len)
{
    struct iovec part = {.iov_base = (void *)data, .iov_len = len};
    return send_once(session, &part, 1);
}

static bool wait_writable(uh_session_t *session)
{
    uint32_t timeout = session->server->config.send_timeout;
    return uh_session_wait(session, UHTTPD_OS_WRITE, timeout, &session->req.pace_out);
}

/* Rests of all clients together stay within a bound, except those of inline handlers, which have no choice. */
static bool keep_unsent(uh_session_t *session, const struct iovec *parts, int count, size_t left)
{
    uhttpd_req_t *req = &session->req;
    size_t all = atomic_fetch_add(&session->server->unsent, left) + left;
    bool may = !req->may_block || all <= session->server->config.unsent_buffer;
    req->unsent = may ? malloc(left) : NULL;
    if (!req->unsent) {
        atomic_fetch_sub(&session->server->unsent, left);
        return false;
    }
    req->unsent_len = left;
    req->unsent_at = 0;
    char *at = req->unsent;
    for (int i = 0; i < count; i++) {
        memcpy(at, parts[i].iov_base, parts[i].iov_len);
        at += parts[i].iov_len;
    }
    return true;
}

esp_err_t uh_send_parts(uh_session_t *session, struct iovec *parts, int count)
{
    uhttpd_req_t *req = &session->req;
    size_t left = total_of(parts, count);
    while (left && !req->broken) {
        ssize_t sent = send_once(session, parts, count);
        if (sent > 0) {
            send_advance(parts, count, (size_t)sent);
            left -= (size_t)sent;
        } else if (sent == UH_WIRE_LATER && req->response == UH_RESPONSE_DONE &&
                   keep_unsent(session, parts, count, left)) {
            return ESP_OK;
        } else if (sent == UH_WIRE_LATER && !req->may_block) {
            req->broken = true;
            return ESP_ERR_NO_MEM;
        } else if (sent < 0 || !wait_writable(session)) {
            req->broken = true;
        }
    }
    return req->broken ? ESP_ERR_UHTTPD_GONE : ESP_OK;
}

bool uh_send_flush(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    struct iovec rest = {.iov_base = req->unsent + req->unsent_at, .iov_len = req->unsent_len - req->unsent_at};
    ssize_t sent = send_once(session, &rest, 1);
    if (sent < 0) {
        req->broken = true;
        return true;
    }
    req->unsent_at += (size_t)sent;
    return req->unsent_at == req->unsent_len;
}

esp_err_t uh_send_all(uh_session_t *session, const void *data, size_t len)
{
    struct iovec part = {.iov_base = (void *)data, .iov_len = len};
    return uh_send_parts(session, &part, 1);
}
