/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "http/chunked.h"
#include "pace.h"
#include "router.h"
#include "uhttpd_conn.h"

/**
 * @file
 * A session's request, and the state of its response.
 */
typedef struct uh_inflow uh_inflow_t;   /* uhttpd_read_to() */
typedef struct uh_outflow uh_outflow_t; /* uhttpd_write_from() */

/** The state of a response. */
typedef enum {
    UH_RESPONSE_NONE,
    UH_RESPONSE_CHUNKS, /* uhttpd_send_chunk() has begun */
    UH_RESPONSE_RAW,    /* uhttpd_send() has begun */
    UH_RESPONSE_STREAM, /* uhttpd_write_from() has begun */
    UH_RESPONSE_DONE,
} uh_response_state_t;

struct uhttpd_req {
    uhttpd_job_t job;
    const uh_route_t *route;
    uh_response_state_t response;
    bool may_block;  /* runs in a worker */
    bool refused;    /* the head was not understood, so neither can anything after it be */
    bool keep_alive; /* the connection can serve another request after this one */
    bool body_done;
    bool broken;           /* the socket failed, timed out or is out of step, and must be closed */
    bool expects_continue; /* and has not been told to go on */
    bool answers_chunked;  /* pieces are coded; HTTP/1.0 gets them bare */
    bool ends_by_close;    /* nothing else marks the end of the response: HTTP/1.0, and its length is not known */
    bool no_body;          /* of the response: HEAD, 204, 304 */
    uh_chunked_t chunks;
    int64_t body_left; /* unless the body is chunked */
    uint64_t body_seen;
    int failure;          /* status that says why the body could not be read; 0: it could */
    esp_err_t body_error; /* what every further attempt to read returns */
    uhttpd_conn_t *taken; /* by uhttpd_conn_take() */
    char *unsent;         /* the rest of a response that the socket did not take: the I/O task sends it */
    size_t unsent_len, unsent_at;
    uh_inflow_t *inflow;
    uh_outflow_t *outflow;
    esp_err_t flow_end; /* why the stream ends early; ESP_OK: it does not */
    uh_pace_t pace_in, pace_out;
};

/** @brief Frees what the socket did not take of a response. @param all  counts such bytes of the server */
void uh_request_drop_unsent(uhttpd_req_t *req, atomic_size_t *all);
