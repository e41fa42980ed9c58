/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "flow.h"
#include "server.h"
#include "uhttpd_priv.h"
#include "uhttpd_stream.h"

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
    uh_finish_request(session, NULL, sink.done(req, sink.ctx, result));
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

/* @return false: nothing has come. */
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
    return req->flow_end != ESP_OK || req->body_error != ESP_OK || req->body_done;
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
    if (!session->detached && !uh_session_detach(session, req->engine)) {
        free(flow);
        return ESP_ERR_UHTTPD_BUSY;
    }
    flow->sink = *sink;
    req->inflow = flow;
    return ESP_OK;
}
