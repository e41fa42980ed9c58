/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "esp_http_server.h"
#include "http/head.h"
#include "io.h"
#include "request.h"
#include "wire.h"

/**
 * @file
 * One connection, and the request on it. A session belongs to one task at a time, and tasks hand it to each other:
 *
 *     engine ─knock→ HTTP task ─┬─ answered at once ───────────────→ engine
 *                               ├─ detached: I/O task (half a head) ─→ …
 *                               └─ detached: worker (a handler) ─┬──→ engine (keep-alive)
 *                                                                ├──→ I/O task (sending, lingering, conn)
 *                                                                └──→ I/O task ⇄ worker (streams) ─→ engine
 */
typedef struct uh_session uh_session_t;
typedef struct uh_guest uh_guest_t;

/** Who may touch the socket. Only UH_SESSION_IDLE is contended, by the engine and the idle sweep. */
typedef enum {
    UH_SESSION_IDLE,    /* the engine waits for the next request */
    UH_SESSION_BUSY,    /* a request is in work, or the I/O task has it */
    UH_SESSION_EXPIRED, /* shut down by the idle sweep; the engine will close it */
} uh_session_state_t;

struct uh_session {
    uh_io_source_t io; /* while the I/O task has it */
    uh_io_call_t to_io;
    struct uhttpd_server *server;
    uh_wire_t wire;
    _Atomic uh_session_state_t state;
    uint64_t last_used;    /* when it became idle; under server->lock */
    httpd_req_t *engine;   /* the engine's request while the HTTP task has the session; else NULL */
    httpd_req_t *detached; /* the engine's copy of it while the engine leaves the socket alone; else NULL */
    char *head;            /* NULL while no request is in work */
    size_t head_len;       /* bytes collected */
    size_t head_size;      /* bytes allocated */
    size_t head_scanned;
    uh_http_head_t parsed;
    uhttpd_req_t req;
    void (*in_io)(uh_session_t *session); /* what the I/O task does with it first */
    const uh_guest_t *guest;
    uint64_t waits_since; /* as a guest */
    uh_session_t *next_guest;
    uh_session_t *next_returned; /* in the mailbox (mailbox.h) */
    uh_session_t *next, **link;  /* server->sessions */
};

/** @name Life of a session (session.c)
 *  @{ */
esp_err_t uh_session_open(httpd_handle_t engine, int fd); /* httpd_config_t::open_fn */
void uh_session_close(httpd_handle_t engine, int fd);     /* httpd_config_t::close_fn */

/**
 * @brief Takes the session out of the engine's hands, if it is there.
 * @return false: no memory, or the server stops.
 */
bool uh_session_detach(uh_session_t *session);

/** @brief Returns it to the engine for the next request. Any task. The session may be gone afterwards. */
void uh_session_reuse(uh_session_t *session);

/** @brief Ends it: shuts the socket down and lets the engine close it. Any task. The session may be gone afterwards. */
void uh_session_end(uh_session_t *session);

/** @brief Makes the I/O task continue with a detached session, starting with @p in_io. */
void uh_session_to_io(uh_session_t *session, void (*in_io)(uh_session_t *session));

/** @brief Counts a wait for the client that began at @p since. @return false: it is slower than uhttpd_config_t::min_rate */
bool uh_session_keeps_pace(const uh_session_t *session, uh_pace_t *pace, uint64_t since);

/** @} */
