/* SPDX-License-Identifier: MIT */
#include "uhttpd_hold.h"

#include <stdlib.h>

#include "dispatch.h"
#include "io.h"
#include "server.h"
#include "stream.h"
#include "waiting.h"

/*
 * The handler returns, and somebody calls uhttpd_resume(): in this order, in the other, or at the same time. The I/O task
 * learns of both, one after the other, and the second of them sends the request to a worker.
 */
struct uh_held {
    uhttpd_hold_t hold;
    uh_io_call_t resumed_call;
    uh_session_t *session;
    uhttpd_handler_t handler; /* what uhttpd_resume() was given */
    void *ctx;
    bool waits; /* its handler has returned; I/O task only, as are the rest */
    bool watched;
    bool resumed;
};

esp_err_t uhttpd_hold(uhttpd_req_t *req, const uhttpd_hold_t *hold)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    if (uhttpd_req_answered(req) && req->response != UH_RESPONSE_CHUNKS) {
        return ESP_ERR_UHTTPD_ANSWERED;
    }
    if (atomic_load(&session->server->stopping)) {
        return ESP_ERR_UHTTPD_STOPPING;
    }
    uh_held_t *held = calloc(1, sizeof(*held));
    if (!held) {
        return ESP_ERR_NO_MEM;
    }
    if (!uh_session_detach(session)) {
        free(held);
        return ESP_ERR_UHTTPD_BUSY;
    }
    held->hold = *hold;
    held->session = session;
    req->held = held;
    return ESP_OK;
}

bool uhttpd_req_is_collected(const uhttpd_req_t *req)
{
    return req->body_done;
}

/* --- to a worker -------------------------------------------------------------------------------------------------- */

static void held_submit(uh_session_t *session);

static void held_run_job(uhttpd_job_t *job, bool cancelled)
{
    uh_session_t *session = UH_CONTAINER_OF(job, uh_session_t, req.job);
    if (cancelled) { /* in the task that stops the server; a worker will call the handler */
        held_submit(session);
        return;
    }
    uh_held_t *held = session->req.held;
    uhttpd_handler_t handler = held->handler;
    void *ctx = held->ctx;
    free(held);
    session->req.held = NULL;
    session->req.may_block = true;
    uh_finish_request(session, handler(&session->req, ctx));
}

static void held_submit(uh_session_t *session)
{
    session->req.job.run = held_run_job;
    session->req.job.from = session->peer;
    uh_executor_let_refuse(&session->req.job, false);
    /* Never refused, because the executor runs until every detached session is back. */
    uh_executor_submit(&session->server->executor, &session->req.job);
}

/* --- in the I/O task ---------------------------------------------------------------------------------------------- */

static void held_over(uh_session_t *session, esp_err_t why)
{
    uh_held_t *held = session->req.held;
    held->watched = false;
    if (why == ESP_ERR_UHTTPD_GONE) {
        session->req.broken = true;
    }
    if (held->hold.over) {
        held->hold.over(&session->req, held->hold.ctx, why);
    }
}

/* Bytes behind the request hide the end of the connection. */
static bool held_on_ready(uh_session_t *session)
{
    char byte;
    ssize_t got = uh_wire_peek(&session->wire, &byte, 1);
    if (got < 0) {
        uh_guest_remove(session);
        held_over(session, ESP_ERR_UHTTPD_GONE);
        return false;
    }
    session->io.want = got > 0 ? 0 : UHTTPD_OS_READ;
    return true;
}

static void held_watch(uh_session_t *session)
{
    static const uh_guest_t held_guest = {
        .rank = UH_GUEST_STREAM, .want = UHTTPD_OS_READ, .ready = held_on_ready, .over = held_over};
    uint32_t timeout = session->req.held->hold.timeout;
    session->req.held->watched = true;
    uh_guest_add(session, &held_guest, timeout ? timeout : UINT32_MAX);
}

static void held_arrive(uh_session_t *session)
{
    uh_held_t *held = session->req.held;
    held->waits = true;
    if (held->resumed) {
        held_submit(session);
    } else if (atomic_load(&session->server->stopping)) {
        held_over(session, ESP_ERR_UHTTPD_STOPPING);
    } else {
        held_watch(session);
    }
}

static void held_on_resumed(uh_io_call_t *call)
{
    uh_held_t *held = UH_CONTAINER_OF(call, uh_held_t, resumed_call);
    held->resumed = true;
    if (held->watched) {
        uh_guest_remove(held->session);
        held->watched = false;
    }
    if (held->waits) {
        held_submit(held->session);
    }
}

/* --- from outside ------------------------------------------------------------------------------------------------- */

void uh_hold_start(uh_session_t *session)
{
    uh_session_to_io(session, held_arrive);
}

void uhttpd_resume(uhttpd_req_t *req, uhttpd_handler_t handler, void *ctx)
{
    uh_held_t *held = req->held;
    held->handler = handler;
    held->ctx = ctx;
    held->resumed_call.run = held_on_resumed;
    uh_io_post(&held->resumed_call);
}
