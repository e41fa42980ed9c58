/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "esp_http_server.h"
#include "http/chunked.h"
#include "http/head.h"
#include "io.h"
#include "pace.h"
#include "router.h"
#include "uhttpd_conn.h"
#include "wire.h"

/**
 * @file
 * A connection, and the request on it.
 */

/* --- the request -------------------------------------------------------------------------------------------------- */

/* A session's request, and the state of its response. */

typedef struct uh_session uh_session_t;
typedef struct uh_inflow uh_inflow_t;   /* uhttpd_read_to() */
typedef struct uh_outflow uh_outflow_t; /* uhttpd_write_from() */
typedef struct uh_held uh_held_t;       /* uhttpd_hold() */

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
    uh_route_t *route; /* NULL: there is none */
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
    bool own_error;        /* the response is an error of the server itself */
    uint16_t status;       /* of the answer; 0: there is none yet */
    uh_chunked_t chunks;
    int64_t body_left; /* unless the body is chunked */
    uint64_t body_seen;
    uint32_t guess;               /* what uh_access_may_ask() has noted for its password; 0: it has none */
    const struct uh_error *error; /* that is being answered by a page (errors.h), or NULL */
    bool had_error;               /* there was such a one: its page has no other page for what goes wrong in it */
    uint16_t refusal;             /* status with which a worker refuses it */
    const char *refusal_reason;
    int failure;          /* status that says why the body could not be read; 0: it could */
    const char *fault;    /* what is wrong with it, in a sentence; NULL: the status says enough */
    esp_err_t body_error; /* what every further attempt to read returns */
    uint8_t *early;       /* what came of the body before a worker was taken, or NULL; early_at bytes were read of it */
    size_t early_at, early_len, early_size;
    esp_err_t (*collected)(uh_session_t *session); /* what follows when no more is collected */
    uhttpd_conn_t *taken;                          /* by uhttpd_conn_take() */
    uh_held_t *held;                               /* by uhttpd_hold() */
    char *unsent; /* the rest of a response that the socket did not take: the I/O task sends it */
    size_t unsent_len, unsent_at;
    uh_inflow_t *inflow;
    uh_outflow_t *outflow;
    esp_err_t flow_end; /* why the stream ends early; ESP_OK: it does not */
    uh_pace_t pace_in, pace_out;
    uh_head_place_t header; /* for uhttpd_req_header_at() */
};

/** @brief Frees what the socket did not take of a response. @param all  counts such bytes of the server */
void uh_request_drop_unsent(uhttpd_req_t *req, atomic_size_t *all);

/** @brief Takes bytes of the body that were collected. There are some. @param all  counts such bytes of the server */
size_t uh_request_take_early(uhttpd_req_t *req, atomic_size_t *all, void *buf, size_t size);
void uh_request_drop_early(uhttpd_req_t *req, atomic_size_t *all);

/* --- the connection ----------------------------------------------------------------------------------------------- */

/*
 * One connection, and the request on it. A session belongs to one task at a time, and tasks hand it to each other:
 *
 *     engine ─knock→ HTTP task ─┬─ answered at once ───────────────→ engine
 *                               ├─ detached: I/O task (half a head) ─→ …
 *                               └─ detached: worker (a handler) ─┬──→ engine (keep-alive)
 *                                                                ├──→ I/O task (sending, lingering, conn)
 *                                                                └──→ I/O task ⇄ worker (streams) ─→ engine
 */

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
    uint64_t peer;       /* as uh_guesses_from() */
    const char *trusted; /* the password that its last request had; NULL: none, or a wrong one */
    void *kept;          /* by uhttpd_req_keep() */
    void (*free_kept)(void *kept);
    _Atomic uh_session_state_t state;
    uint64_t last_used;    /* when it became idle; under server->lock, as is is_new */
    bool is_new;           /* there was no request yet */
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

/**
 * @brief Waits in a worker for the client. While others find no worker, less patience is left for it.
 * @param timeout  ms without any event
 * @return false: it is too slow
 */
bool uh_session_wait(uh_session_t *session, unsigned events, uint32_t timeout, uh_pace_t *pace);

/** @} */
