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

static void run(uhttpd_job_t *job, bool cancelled);

static void submit(session_t *session)
{
    session->req.job.run = run;
    /* Never refused: the executor goes on until every detached session is back. */
    executor_submit(&session->server->executor, &session->req.job);
}

/* What comes from outside. An end of its own goes first. */
static void cut(session_t *session, esp_err_t why)
{
    if (session->req.flow_end != ESP_OK) {
        return;
    }
    if (session->req.inflow) {
        inflow_cut(session, why);
    } else {
        session->req.flow_end = why == ESP_ERR_UHTTPD_STOPPING ? why : ESP_ERR_UHTTPD_GONE;
    }
}

static void run(uhttpd_job_t *job, bool cancelled)
{
    session_t *session = CONTAINER_OF(job, session_t, req.job);
    if (cancelled) { /* by the task that stops the server: a worker will tell the owner */
        cut(session, ESP_ERR_UHTTPD_STOPPING);
        submit(session);
        return;
    }
    session->req.may_block = true;
    flow_run(session);
}

void flow_start(session_t *session, esp_err_t result)
{
    session->req.flow_end = result;
    if (session->req.outflow) { /* nobody asks for the request any more */
        free(session->head);
        session->head = NULL;
        session->parsed.headers = session->parsed.header_count = 0;
    }
    if (session->req.may_block) {
        flow_run(session);
    } else {
        submit(session);
    }
}

void flow_run(session_t *session)
{
    if (session->req.inflow) {
        inflow_run(session);
    } else {
        outflow_run(session);
    }
}

void flow_yield(session_t *session)
{
    if (atomic_load(&session->server->stopping)) {
        cut(session, ESP_ERR_UHTTPD_STOPPING);
    }
    submit(session);
}

/* --- in the I/O task ---------------------------------------------------------------------------------------------- */

static bool go_on(session_t *session)
{
    guest_remove(session);
    pace_t *pace = session->req.inflow ? &session->req.pace_in : &session->req.pace_out;
    if (!session_keeps_pace(session, pace, session->waits_since)) {
        cut(session, ESP_ERR_TIMEOUT);
    }
    submit(session);
    return false;
}

static void is_over(session_t *session, esp_err_t why)
{
    cut(session, why);
    submit(session);
}

static const guest_t s_reading = {.rank = GUEST_STREAM, .want = UHTTPD_OS_READ, .ready = go_on, .over = is_over};
static const guest_t s_writing = {.rank = GUEST_STREAM, .want = UHTTPD_OS_WRITE, .ready = go_on, .over = is_over};

static void wait_to_read(session_t *session)
{
    guest_add(session, &s_reading, session->server->config.body_timeout);
}

static void wait_to_write(session_t *session)
{
    guest_add(session, &s_writing, session->server->config.send_timeout);
}

void flow_wait(session_t *session)
{
    if (atomic_load(&session->server->stopping)) {
        flow_yield(session);
    } else {
        session_to_io(session, session->req.inflow ? wait_to_read : wait_to_write);
    }
}
