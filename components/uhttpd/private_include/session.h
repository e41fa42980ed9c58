/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "chunked.h"
#include "esp_http_server.h"
#include "head.h"
#include "io.h"
#include "pace.h"
#include "router.h"
#include "uhttpd_conn.h"

/**
 * @file
 * One connection, and the request on it. A session belongs to one task at a time, and goes from hand to hand:
 *
 *     engine ─knock→ HTTP task ─┬─ answered at once ───────────────→ engine
 *                               ├─ detached: I/O task (half a head) ─→ …
 *                               └─ detached: worker (a handler) ─┬──→ engine (keep-alive)
 *                                                                ├──→ I/O task (sending, lingering, conn)
 *                                                                └──→ I/O task ⇄ worker (streams) ─→ engine
 */
typedef struct uh_session uh_session_t;
typedef struct uh_inflow uh_inflow_t;   /* uhttpd_read_to() */
typedef struct uh_outflow uh_outflow_t; /* uhttpd_write_from() */

/** Who may touch the socket. Only UH_SESSION_IDLE is contended: engine and idle sweep both want it. */
typedef enum {
    UH_SESSION_IDLE,    /* the engine waits for the next request */
    UH_SESSION_BUSY,    /* a request is in work, or the I/O task has it */
    UH_SESSION_EXPIRED, /* shut down by the idle sweep; the engine will close it */
} uh_session_state_t;

/** How far a response has come. */
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
    httpd_req_t *engine; /* the engine's own request, in the HTTP task only */
    uh_response_state_t response;
    bool may_block;    /* runs in a worker */
    bool admitted;     /* the client may ask this */
    bool refused;      /* the head was not understood: what follows it is unknown */
    bool keep_alive;   /* the connection can serve another request after this one */
    bool body_chunked; /* the body's coding; body_left does not count then */
    bool body_done;
    bool broken;           /* the socket failed, timed out or is out of step: close */
    bool expects_continue; /* and has not been told to go on */
    bool answers_chunked;  /* pieces are coded; HTTP/1.0 gets them bare */
    bool ends_by_close;    /* the response has no other end: HTTP/1.0, and its length is not known */
    bool no_body;          /* of the response: HEAD, 204, 304 */
    uh_chunked_t chunks;
    int64_t body_left;
    uint64_t body_seen;
    int failure;          /* status that tells why the body could not be read; 0: it could */
    esp_err_t body_error; /* what every further attempt to read returns */
    uhttpd_conn_t *taken; /* by uhttpd_conn_take() */
    char *unsent;         /* what the socket did not take of a response: the I/O task sends it */
    size_t unsent_len, unsent_at;
    uh_inflow_t *inflow;
    uh_outflow_t *outflow;
    esp_err_t flow_end; /* why the stream ends before its time; ESP_OK: it does not */
    uh_pace_t pace_in, pace_out;
};

/** What makes a session a guest of the I/O task. */
typedef struct uh_guest {
    enum {
        UH_GUEST_HEAD,   /* half a head: the oldest makes room for the newest */
        UH_GUEST_HUMBLE, /* the first to go, pushes nobody out */
        UH_GUEST_STREAM, /* a body or a response on its way: gives way only to newcomers that find no socket */
    } rank;
    unsigned want;                        /* what it waits for */
    bool (*ready)(uh_session_t *session); /* it is here. True: it waits on; else uh_guest_remove() was called */
    void (*over)(uh_session_t *session, esp_err_t why); /* it is no guest any more: ESP_ERR_TIMEOUT,
                                                        ESP_ERR_UHTTPD_BUSY (others need the room),
                                                        ESP_ERR_UHTTPD_STOPPING */
} uh_guest_t;

struct uh_session {
    uh_io_source_t io; /* while the I/O task has it */
    uh_io_call_t to_io;
    struct uhttpd_server *server;
    int fd;
    _Atomic uh_session_state_t state;
    uint64_t last_used;    /* when it became idle; under server->lock */
    httpd_req_t *detached; /* the engine's copy, while the engine leaves the socket alone */
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
    uh_session_t *next, **link; /* server->sessions */
};

/** @name Life of a session (session.c)
 *  @{ */
esp_err_t uh_session_open(httpd_handle_t engine, int fd); /* httpd_config_t::open_fn */
void uh_session_close(httpd_handle_t engine, int fd);     /* httpd_config_t::close_fn */

/** @brief Takes the session out of the engine's hands. @return false: no memory, or the server stops. */
bool uh_session_detach(uh_session_t *session, httpd_req_t *r);

/** @brief Hands it back for the next request. Any task. The session may be gone afterwards. */
void uh_session_reuse(uh_session_t *session);

/** @brief Ends it: shuts the socket down and lets the engine close it. Any task. The session may be gone afterwards. */
void uh_session_end(uh_session_t *session);

/** @brief Has the I/O task go on with a detached session, beginning with @p in_io. */
void uh_session_to_io(uh_session_t *session, void (*in_io)(uh_session_t *session));

/** @brief Counts a wait for the client that began at @p since. @return false: it is slower than uhttpd_config_t::min_rate */
bool uh_session_keeps_pace(const uh_session_t *session, uh_pace_t *pace, uint64_t since);

/** @brief Frees what a request needed. */
void uh_session_forget_request(uh_session_t *session);
/** @} */

/** @name The gate (gate.c): heads, whole or not at all
 *  @{ */
int uh_gate_recv(httpd_handle_t engine, int fd, char *buf, size_t len, int flags);
esp_err_t uh_gate_knock(httpd_req_t *r);
/** @} */

/** @name Guests (guest.c): sessions that only wait in the I/O task, and may not take every socket. I/O task only
 *  @{ */
/**
 * @brief Lets a session wait for what @p guest says until @p timeout ms from now. Of half heads and humble ones together
 *        there are at most a third of the sockets.
 * @return false: there is no room. Only humble ones hear that.
 */
bool uh_guest_add(uh_session_t *session, const uh_guest_t *guest, uint32_t timeout);
void uh_guest_remove(uh_session_t *session);

/** @brief uh_guest_remove() and uh_guest_t::over. */
void uh_guest_end(uh_session_t *session, esp_err_t why);

/** @brief Ends all of them, since the server is being stopped. */
void uh_guest_end_all(struct uhttpd_server *server);

/**
 * @brief When every socket that can be spared is taken, ends the stream that has been stalled for longest.
 * @return when to ask again, in terms of uhttpd_os_now(); 0: when something changes.
 */
uint64_t uh_guest_make_room(struct uhttpd_server *server, uint64_t now);
/** @} */

/** @name From a whole head to an answer (dispatch.c)
 *  @{ */
/**
 * @param r  the engine's request, when this is the HTTP task and the session not yet detached; else NULL.
 * @return what the engine's handler returns: ESP_OK, or ESP_FAIL to close.
 */
esp_err_t uh_dispatch_head(uh_session_t *session, httpd_req_t *r);
esp_err_t uh_dispatch_refusal(uh_session_t *session, httpd_req_t *r, int status);

/** @brief Ends the wait of a detached session for a worker, with 503. */
void uh_dispatch_give_up(uh_session_t *session);

/** @brief True for a request that wants a WebSocket. */
bool uh_dispatch_is_upgrade(const uh_session_t *session);

#define UH_METHOD_LIST_SIZE 64

/** @brief The names of methods, as in Allow; of all when UHTTPD_ANY is among them. */
void uh_method_list(unsigned methods, char out[UH_METHOD_LIST_SIZE]);
/** @} */

/** @brief After a handler (finish.c): stream, reuse, close, or send the rest. @return as uh_dispatch_head() */
esp_err_t uh_finish_request(uh_session_t *session, httpd_req_t *r, esp_err_t result);

/**
 * @brief Ends a detached session, from the I/O task, without losing what the client has not read yet: says that no more
 *        comes, and reads until the client has understood.
 */
void uh_session_linger(uh_session_t *session);

/** @brief Hands a connection that uhttpd_conn_take() has prepared to the I/O task (conn.c). */
void uh_conn_start(uh_session_t *session);

/** @brief Asks for the end of every connection of a server that is being stopped, or ends it (conn.c). I/O task only. */
void uh_conn_stop_all(struct uhttpd_server *server);

/** @brief Ends every one that is left. */
void uh_conn_end_all(struct uhttpd_server *server);

/** @name Body (body.c) @{ */
void uh_body_init(uh_session_t *session);

/** @brief True when Content-Length says that uhttpd_config_t::max_body will be exceeded. */
bool uh_body_is_announced_too_long(const uh_session_t *session);

/**
 * @brief Reads without waiting. @return ESP_OK, with 0 bytes when the coding ate them all; ESP_ERR_NOT_FINISHED: nothing is
 *        there; anything else is uhttpd_req::body_error from now on.
 */
esp_err_t uh_body_read_now(uh_session_t *session, void *buf, size_t size, size_t *got);

/** @brief Ends reading. @param status  what the client is told if the handler has nothing better to say. @return @p err */
esp_err_t uh_body_fail(uh_session_t *session, esp_err_t err, int status);

/** @brief Answers `Expect: 100-continue`, once, without waiting. */
void uh_body_invite_now(uh_session_t *session);

/** @brief Throws away what has come of the body, without waiting. @return true when the body is at its end. */
bool uh_body_discard(uh_session_t *session);
/** @} */

/** @name Response (response.c) @{ */
/** @brief Writes a small answer of the server's own. */
void uh_respond(uh_session_t *session, int status, const uhttpd_header_t *headers, size_t header_count);

bool uh_response_is_valid(const uhttpd_response_t *response);

/**
 * @brief Decides how the response ends and whether the connection goes on, now that its whole answer is known.
 * @param length  of the body; #UH_RESPONSE_ENDLESS when it is not known.
 */
void uh_response_settle(uh_session_t *session, const uhttpd_response_t *response, int64_t length);
#define UH_RESPONSE_ENDLESS (-1)

/** @brief Writes the head into @p buf if it fits. @return its length, as snprintf() does. */
size_t uh_response_head(uh_session_t *session, const uhttpd_response_t *response, int64_t length, char *buf,
                        size_t size);

/** @brief Answers HEAD as GET would, where the end of the connection is the end of the response. */
esp_err_t uh_response_endless_head(uhttpd_req_t *req, const uhttpd_response_t *response);

/** @brief Sends what the socket takes. @return bytes; 0: none now; -1: broken */
ssize_t uh_response_send_now(uh_session_t *session, const void *data, size_t len);

/** @brief Sends a prepared text as it is, such as `100 Continue`. */
esp_err_t uh_response_raw(uh_session_t *session, const char *text, size_t len);

void uh_response_drop_unsent(uh_session_t *session);

/** @brief Sends what a response left behind. @return true when all is out or the socket is broken. */
bool uh_response_flush(uh_session_t *session);
/** @} */
