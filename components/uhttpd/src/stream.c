/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include "errors.h"

#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "io.h"
#include "dispatch.h"
#include "server.h"
#include "uhttpd_stream.h"
#include "waiting.h"

/* --- flow --------------------------------------------------------------------------------------------------------- */

/*
 * Tasks hand a stream to each other: a worker moves pieces until the socket has no data or takes none, then the I/O
 * task waits, then a worker continues. If the stream ends while it waits, that is only noted, because a worker has to
 * tell its owner.
 */

static void flow_run_job(uhttpd_job_t *job, bool cancelled);

static void flow_submit(uh_session_t *session)
{
    session->req.job.run = flow_run_job;
    session->req.job.from = session->peer;
    /* Never refused, because the executor runs until every detached session is back. */
    uh_executor_submit(&session->server->executor, &session->req.job);
}

/* An end from outside. An end of the stream's own has precedence. */
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
    if (cancelled) { /* in the task that stops the server; a worker will tell the owner */
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
    if (session->req.outflow) { /* nothing uses the request any more */
        free(session->head);
        session->head = NULL;
        uh_request_drop_early(&session->req, &session->server->early);
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
    } else if (session->req.outflow) {
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

/* --- inflow ------------------------------------------------------------------------------------------------------- */

struct uh_inflow {
    uhttpd_sink_t sink;
    uint8_t buf[]; /* uhttpd_config_t::stream_buffer bytes */
};

static void inflow_end(uh_session_t *session, esp_err_t result)
{
    uhttpd_req_t *req = &session->req;
    uhttpd_sink_t sink = req->inflow->sink;
    free(req->inflow);
    req->inflow = NULL;
    req->flow_end = ESP_OK; /* the answer may be a stream of its own */
    uh_finish_request(session, sink.done(req, sink.ctx, result));
}

void uh_inflow_cut(uh_session_t *session, esp_err_t why)
{
    if (session->req.body_done) {
        return;
    }
    if (why == ESP_ERR_UHTTPD_STOPPING) {
        uh_body_fail(session, ESP_ERR_UHTTPD_STOPPING, 503);
    } else {
        uh_body_fail(session, ESP_ERR_TIMEOUT, 408);
    }
}

/* @return false: nothing has arrived. */
static bool inflow_move_piece(uh_session_t *session)
{
    uh_inflow_t *flow = session->req.inflow;
    size_t got;
    if (uh_body_read_now(session, flow->buf, session->server->config.stream_buffer, &got) == ESP_ERR_NOT_FINISHED) {
        return false;
    }
    if (got) {
        session->req.flow_end = flow->sink.write(flow->sink.ctx, flow->buf, got);
    }
    return true;
}

static bool inflow_is_over(const uhttpd_req_t *req)
{
    return req->flow_end != ESP_OK || req->body_error != ESP_OK || uh_body_is_over(req);
}

void uh_inflow_run(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    if (!inflow_is_over(req)) {
        uh_body_invite_now(session);
    }
    for (int pieces = 0; pieces < UH_FLOW_PIECES; pieces++) {
        if (inflow_is_over(req)) {
            inflow_end(session, req->flow_end != ESP_OK ? req->flow_end : req->body_error);
            return;
        }
        if (!inflow_move_piece(session)) {
            uh_flow_wait(session);
            return;
        }
    }
    uh_flow_yield(session);
}

esp_err_t uhttpd_read_to(uhttpd_req_t *req, const uhttpd_sink_t *sink)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    if (uhttpd_req_answered(req)) {
        return ESP_ERR_UHTTPD_ANSWERED;
    }
    if (!sink->write || !sink->done) {
        return ESP_ERR_INVALID_ARG;
    }
    uh_inflow_t *flow = malloc(sizeof(*flow) + session->server->config.stream_buffer);
    if (!flow) {
        return ESP_ERR_NO_MEM;
    }
    if (!uh_session_detach(session)) {
        free(flow);
        return ESP_ERR_UHTTPD_BUSY;
    }
    flow->sink = *sink;
    req->inflow = flow;
    return ESP_OK;
}

/* --- outflow ------------------------------------------------------------------------------------------------------ */

#define CHUNK_HEAD 6     /* four digits and CR LF; RFC 9112 section 7.1 allows leading zeros */
#define CHUNK_TAIL 2     /* CR LF */
#define LAST_CHUNK 5     /* "0\r\n\r\n" */
#define MAX_CHUNK 0xffff /* bytes: the largest number of four digits */

struct uh_outflow {
    uhttpd_source_t source;
    int64_t left;   /* bytes still to come from the source, when the length is known */
    bool chunked;   /* the coding */
    bool endless;   /* the length is unknown */
    bool finished;  /* nothing more will be read */
    bool filled;    /* buf is sent before more is read */
    size_t at, len; /* the part of buf that waits to be sent; at first that is the head */
    size_t size;
    uint8_t buf[];
};

/* --- filling the buffer ------------------------------------------------------------------------------------------- */

/* Reads until there is no room left or the source has ended. */
static esp_err_t read_piece(uh_outflow_t *flow, uint8_t *place, size_t room, size_t *len)
{
    *len = 0;
    while (*len < room && !flow->finished) {
        size_t want = room - *len, got = 0;
        if (!flow->endless && (uint64_t)flow->left < want) {
            want = (size_t)flow->left;
        }
        esp_err_t err = want ? flow->source.read(flow->source.ctx, place + *len, want, &got) : ESP_OK;
        if (err != ESP_OK || got > want) {
            return err != ESP_OK ? err : ESP_ERR_INVALID_SIZE;
        }
        *len += got;
        if (!flow->endless) {
            flow->left -= (int64_t)got;
        }
        flow->finished = !got || (!flow->endless && !flow->left);
    }
    return !flow->endless && flow->finished && flow->left ? ESP_ERR_INVALID_SIZE : ESP_OK;
}

static esp_err_t fill_bare(uh_outflow_t *flow)
{
    size_t got;
    esp_err_t err = read_piece(flow, flow->buf + flow->len, flow->size - flow->len, &got);
    flow->len += got;
    return err;
}

static void write_size(uint8_t *line, size_t size)
{
    uh_text_t text = {.at = (char *)line, .room = CHUNK_HEAD};
    uh_text_hex(&text, size, CHUNK_HEAD - 2);
    uh_text_add(&text, "\r\n");
}

static esp_err_t fill_chunk(uh_outflow_t *flow)
{
    uint8_t *chunk = flow->buf + flow->len;
    size_t room = flow->size - flow->len - CHUNK_HEAD - CHUNK_TAIL - LAST_CHUNK;
    size_t got;
    esp_err_t err = read_piece(flow, chunk + CHUNK_HEAD, room < MAX_CHUNK ? room : MAX_CHUNK, &got);
    if (err == ESP_OK && got) {
        write_size(chunk, got);
        memcpy(chunk + CHUNK_HEAD + got, "\r\n", CHUNK_TAIL);
        flow->len += CHUNK_HEAD + got + CHUNK_TAIL;
    }
    if (err == ESP_OK && flow->finished) {
        memcpy(flow->buf + flow->len, "0\r\n\r\n", LAST_CHUNK);
        flow->len += LAST_CHUNK;
    }
    return err;
}

/* The first time, the head comes before it, so that a short response leaves in one write. */
static esp_err_t outflow_fill(uh_outflow_t *flow)
{
    flow->filled = true;
    return flow->finished ? ESP_OK : flow->chunked ? fill_chunk(flow) : fill_bare(flow);
}

/* --- moving on ---------------------------------------------------------------------------------------------------- */

static void outflow_end(uh_session_t *session, esp_err_t result)
{
    uhttpd_req_t *req = &session->req;
    uhttpd_source_t source = req->outflow->source;
    free(req->outflow);
    req->outflow = NULL;
    req->response = UH_RESPONSE_DONE;
    req->broken = req->broken || result != ESP_OK;
    if (source.close) {
        source.close(source.ctx, result);
    }
    uh_finish_request(session, ESP_OK);
}

/* @return false: the socket takes no more now. */
static bool outflow_drain(uh_session_t *session, uh_outflow_t *flow)
{
    while (flow->at < flow->len) {
        ssize_t sent = uh_send_now(session, flow->buf + flow->at, flow->len - flow->at);
        if (sent < 0) {
            session->req.flow_end = ESP_ERR_UHTTPD_GONE;
            return true;
        }
        if (sent == UH_WIRE_LATER) {
            return false;
        }
        flow->at += (size_t)sent;
    }
    flow->at = flow->len = 0;
    flow->filled = false;
    return true;
}

/* @return false: the socket takes no more now. */
static bool outflow_move_piece(uh_session_t *session, uh_outflow_t *flow)
{
    if (!flow->filled) {
        session->req.flow_end = outflow_fill(flow);
    }
    return session->req.flow_end != ESP_OK || outflow_drain(session, flow);
}

void uh_outflow_run(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    uh_outflow_t *flow = req->outflow;
    for (int pieces = 0; pieces < UH_FLOW_PIECES; pieces++) {
        if (req->flow_end == ESP_OK && !outflow_move_piece(session, flow)) {
            uh_flow_wait(session);
            return;
        }
        if (req->flow_end != ESP_OK || flow->finished) {
            outflow_end(session, req->flow_end);
            return;
        }
    }
    uh_flow_yield(session);
}

/* --- what handlers call ------------------------------------------------------------------------------------------- */

static esp_err_t outflow_begin(uh_session_t *session, const uhttpd_source_t *source, int64_t length,
                               const uhttpd_response_t *response)
{
    uhttpd_req_t *req = &session->req;
    uh_response_settle(session, response, length);
    uh_text_t head = {0};
    uh_response_head(session, response, length, &head);
    size_t size = head.len + session->server->config.stream_buffer;
    uh_outflow_t *flow = malloc(sizeof(*flow) + size);
    if (!flow) {
        return ESP_ERR_NO_MEM;
    }
    if (!uh_session_detach(session)) {
        free(flow);
        return ESP_ERR_UHTTPD_BUSY;
    }
    *flow = (uh_outflow_t) {.source = *source,
                            .left = length,
                            .endless = length < 0,
                            .chunked = length < 0 && req->answers_chunked,
                            .finished = req->no_body || length == 0,
                            .size = size};
    head = (uh_text_t) {.at = (char *)flow->buf, .room = size};
    uh_response_head(session, response, length, &head);
    flow->len = head.len;
    req->outflow = flow;
    req->response = UH_RESPONSE_STREAM;
    return ESP_OK;
}

esp_err_t uhttpd_write_from(uhttpd_req_t *req, int64_t length, const uhttpd_source_t *source,
                            const uhttpd_response_t *given)
{
    uhttpd_response_t response = uh_error_response(req, given);
    if (uhttpd_req_answered(req)) {
        return ESP_ERR_UHTTPD_ANSWERED;
    }
    if (length < -1 || !source->read || !uh_response_is_valid(&response)) {
        return ESP_ERR_INVALID_ARG;
    }
    return outflow_begin(UH_CONTAINER_OF(req, uh_session_t, req), source, length, &response);
}
