/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <stdlib.h>

#include "io.h"
#include "server.h"
#include "waiting.h"

#define FIRST_SIZE 512 /* bytes for a body whose length is not known; then as much again as there is */
#define TRIAL 4096     /* bytes of a body that is longer than the buffer: when they have come, so may the rest */

typedef enum {
    COLLECT_DONE,  /* all of it is there, or will not come */
    COLLECT_WAITS, /* for the client */
    COLLECT_FULL,  /* there is no room for what comes next */
} collect_state_t;

bool uh_collect_applies(const uh_session_t *session)
{
    const uhttpd_req_t *req = &session->req;
    uint32_t most = session->server->config.body_buffer;
    return !req->body_done && !req->early && req->body_error == ESP_OK && !req->expects_continue &&
           !req->route->options.any_length && most > 0;
}

/* --- room --------------------------------------------------------------------------------------------------------- */

static size_t wanted_size(const uh_session_t *session)
{
    const uhttpd_req_t *req = &session->req;
    size_t most = session->server->config.body_buffer;
    size_t size = req->early_size ? 2 * req->early_size : FIRST_SIZE;
    if (!session->parsed.chunked) {
        bool whole = req->body_left <= (int64_t)(most - req->early_len);
        size = whole ? req->early_len + (size_t)req->body_left : TRIAL;
    }
    return size < most ? size : most;
}

/* Bodies of all clients together stay within the bound. */
static bool collect_make_room(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    struct uhttpd_server *server = session->server;
    size_t size = wanted_size(session), more = size - req->early_size;
    bool fits = atomic_fetch_add(&server->early, more) + more <= server->config.body_buffer;
    uint8_t *early = more && fits ? realloc(req->early, size) : NULL;
    if (!early) {
        atomic_fetch_sub(&server->early, more);
        return false;
    }
    req->early = early;
    req->early_size = size;
    return true;
}

/* --- collecting --------------------------------------------------------------------------------------------------- */

static collect_state_t collect_now(uh_session_t *session)
{
    uhttpd_req_t *req = &session->req;
    while (!req->body_done) {
        if (req->early_len == req->early_size && !collect_make_room(session)) {
            return COLLECT_FULL;
        }
        size_t got;
        size_t room = req->early_size - req->early_len;
        if (uh_body_receive_now(session, req->early + req->early_len, room, &got) == ESP_ERR_NOT_FINISHED) {
            return COLLECT_WAITS;
        }
        req->early_len += got;
    }
    return COLLECT_DONE;
}

static esp_err_t collect_end(uh_session_t *session)
{
    if (!session->req.early_len || session->req.body_error != ESP_OK) {
        uh_request_drop_early(&session->req, &session->server->early);
    }
    return session->req.collected(session);
}

/* --- in the I/O task ---------------------------------------------------------------------------------------------- */

static void collect_over(uh_session_t *session, esp_err_t why)
{
    bool stopping = why == ESP_ERR_UHTTPD_STOPPING;
    uh_body_fail(session, stopping ? why : ESP_ERR_TIMEOUT, stopping ? 503 : 408);
    collect_end(session);
}

static void collect_in_io(uh_session_t *session);

static bool collect_go_on(uh_session_t *session)
{
    uh_guest_remove(session);
    if (uh_session_keeps_pace(session, &session->req.pace_in, session->waits_since)) {
        collect_in_io(session);
    } else {
        collect_over(session, ESP_ERR_TIMEOUT);
    }
    return false;
}

static const uh_guest_t s_collecting = {
    .rank = UH_GUEST_STREAM, .want = UHTTPD_OS_READ, .ready = collect_go_on, .over = collect_over};

/* A crowd of slow bodies pushes out its own members: where most come from, the one that has been silent for longest. */
static bool push_out_another(struct uhttpd_server *server)
{
    unsigned count;
    uh_session_t *other = uh_guest_of_crowd(server->streams, &s_collecting, &count);
    if (other) {
        uh_guest_end(other, ESP_ERR_UHTTPD_BUSY);
    }
    return other;
}

static void collect_in_io(uh_session_t *session)
{
    struct uhttpd_server *server = session->server;
    collect_state_t state;
    do {
        state = collect_now(session);
    } while (state == COLLECT_FULL && wanted_size(session) > session->req.early_size && push_out_another(server));
    if (state == COLLECT_WAITS && !atomic_load(&server->stopping)) {
        uh_guest_add(session, &s_collecting, server->config.body_timeout);
    } else {
        collect_end(session);
    }
}

esp_err_t uh_collect_body(uh_session_t *session, esp_err_t (*done)(uh_session_t *session))
{
    session->req.collected = done;
    if (collect_now(session) == COLLECT_DONE || !uh_session_detach(session)) {
        return collect_end(session);
    }
    uh_session_to_io(session, collect_in_io);
    return ESP_OK;
}
