/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include <stdlib.h>

#include "server.h"
#include "uhttpd_priv.h"

/*
 * A stream goes from hand to hand: a worker moves pieces until the socket has nothing or takes nothing, then the I/O
 * task waits, then a worker goes on. Whatever ends it while it waits is only noted, since its owner must be told by a
 * worker.
 */

static void flow_run_job(uhttpd_job_t *job, bool cancelled);

static void flow_submit(uh_session_t *session)
{
    session->req.job.run = flow_run_job;
    /* Never refused: the executor goes on until every detached session is back. */
    uh_executor_submit(&session->server->executor, &session->req.job);
}

/* What comes from outside. An end of its own goes first. */
static void flow_cut(uh_session_t *session, esp_err_t why)
{
    if (session->req.flow_end != ESP_OK) {
        return;
    }
    if (session->req.inflow) {
        uh_inflow_cut(session, why);
    } else {
        session->req.flow_end = why == ESP_ERR_UHTTPD_STOPPING ? why : ESP_ERR_UHTTPD_GONE;
    }
}

static void flow_run_job(uhttpd_job_t *job, bool cancelled)
{
    uh_session_t *session = UH_CONTAINER_OF(job, uh_session_t, req.job);
    if (cancelled) { /* by the task that stops the server: a worker will tell the owner */
        flow_cut(session, ESP_ERR_UHTTPD_STOPPING);
        flow_submit(session);
        return;
    }
    session->req.may_block = true;
    uh_flow_run(session);
}

void uh_flow_start(uh_session_t *session, esp_err_t result)
{
    session->req.flow_end = result;
    if (session->req.outflow) { /* nobody asks for the request any more */
        free(session->head);
        session->head = NULL;
        session->parsed.headers = session->parsed.header_count = 0;
    }
    if (session->req.may_block) {
        uh_flow_run(session);
    } else {
        flow_submit(session);
    }
}

void uh_flow_run(uh_session_t *session)
{
    if (session->req.inflow) {
        uh_inflow_run(session);
    } else {
        uh_outflow_run(session);
    }
}

void uh_flow_yield(uh_session_t *session)
{
    if (atomic_load(&session->server->stopping)) {
        flow_cut(session, ESP_ERR_UHTTPD_STOPPING);
    }
    flow_submit(session);
}

/* --- in the I/O task ---------------------------------------------------------------------------------------------- */

static bool flow_go_on(uh_session_t *session)
{
    uh_guest_remove(session);
    uh_pace_t *pace = session->req.inflow ? &session->req.pace_in : &session->req.pace_out;
    if (!uh_session_keeps_pace(session, pace, session->waits_since)) {
        flow_cut(session, ESP_ERR_TIMEOUT);
    }
    flow_submit(session);
    return false;
}

static void flow_is_over(uh_session_t *session, esp_err_t why)
{
    flow_cut(session, why);
    flow_submit(session);
}

static const uh_guest_t s_reading = {
    .rank = UH_GUEST_STREAM, .want = UHTTPD_OS_READ, .ready = flow_go_on, .over = flow_is_over};
static const uh_guest_t s_writing = {
    .rank = UH_GUEST_STREAM, .want = UHTTPD_OS_WRITE, .ready = flow_go_on, .over = flow_is_over};

static void wait_to_read(uh_session_t *session)
{
    uh_guest_add(session, &s_reading, session->server->config.body_timeout);
}

static void wait_to_write(uh_session_t *session)
{
    uh_guest_add(session, &s_writing, session->server->config.send_timeout);
}

void uh_flow_wait(uh_session_t *session)
{
    if (atomic_load(&session->server->stopping)) {
        uh_flow_yield(session);
    } else {
        uh_session_to_io(session, session->req.inflow ? wait_to_read : wait_to_write);
    }
}
