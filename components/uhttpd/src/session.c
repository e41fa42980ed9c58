/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <stdlib.h>
#include <unistd.h>

#include "guesses.h"
#include "io.h"
#include "mailbox.h"
#include "port/engine.h"
#include "port/port.h"
#include "server.h"
#include "waiting.h"

static void forget_request(uh_session_t *session)
{
    uh_request_drop_unsent(&session->req, &session->server->unsent);
    uh_request_drop_early(&session->req, &session->server->early);
    uh_route_release(session->req.route);
    session->req.route = NULL;
    free(session->head);
    session->head = NULL;
    session->head_len = session->head_size = session->head_scanned = 0;
}

/* The engine frees the transport context when it deletes its session, in the HTTP task, after uh_session_close(). */
static void session_free_session(void *ctx)
{
    uh_session_t *session = ctx;
    forget_request(session);
    uhttpd_req_keep(&session->req, NULL, NULL);
    free(session);
}

static int session_refuse(httpd_handle_t engine, int fd, char *buf, size_t len, int flags)
{
    (void)engine, (void)fd, (void)buf, (void)len, (void)flags;
    return HTTPD_SOCK_ERR_FAIL;
}

/* Nothing of its request is read: the sooner it is gone, the sooner others come. */
static void say_busy(int fd)
{
    static char busy[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
                         "Connection: close\r\n\r\n";
    struct iovec all = {.iov_base = busy, .iov_len = sizeof(busy) - 1};
    uh_wire_write(&(uh_wire_t) {.fd = fd}, &all, 1);
}

/* For a connection without a session: the engine finds its end, asks for bytes, and closes it. */
static esp_err_t session_turn_away(httpd_handle_t engine, int fd)
{
    httpd_sess_set_recv_override(engine, fd, session_refuse);
    uh_wire_shut(&(uh_wire_t) {.fd = fd});
    return ESP_OK;
}

static uint64_t session_peer(const uh_wire_t *wire)
{
    char address[UH_ADDRESS_SIZE];
    uh_wire_remote(wire, address, sizeof(address));
    return uh_guesses_from(address);
}

/* After anything but ESP_OK the engine would close the descriptor twice: the second time it may be somebody else's. */
esp_err_t uh_session_open(httpd_handle_t engine, int fd)
{
    struct uhttpd_server *server = httpd_get_global_user_ctx(engine);
    uint64_t peer = session_peer(&(uh_wire_t) {.fd = fd});
    if (uh_crowd_is_full(server, peer)) {
        say_busy(fd);
        return session_turn_away(engine, fd);
    }
    uh_session_t *session = uh_engine_accepts(fd, server->config.bind) ? calloc(1, sizeof(*session)) : NULL;
    if (!session) {
        return session_turn_away(engine, fd);
    }
    session->server = server;
    session->wire.fd = fd;
    session->peer = peer;
    session->last_used = uhttpd_os_now();
    session->is_new = true;
    session->io.fd = fd;

    uh_wire_tune(&session->wire);
    httpd_sess_set_transport_ctx(engine, fd, session, session_free_session);
    httpd_sess_set_recv_override(engine, fd, server->recv);

    uhttpd_os_lock(server->lock);
    session->next = server->sessions;
    session->link = &server->sessions;
    if (session->next) {
        session->next->link = &session->next;
    }
    server->sessions = session;
    uhttpd_os_unlock(server->lock);
    if (atomic_fetch_add(&server->open, 1) + 1u >= server->config.max_sockets) {
        uh_keeper_note_crowd(server);
    }
    return ESP_OK;
}

void uh_session_close(httpd_handle_t engine, int fd)
{
    uh_session_t *session = httpd_sess_get_transport_ctx(engine, fd);
    if (session) {
        uhttpd_os_lock(session->server->lock);
        *session->link = session->next;
        if (session->next) {
            session->next->link = session->link;
        }
        uhttpd_os_unlock(session->server->lock);
        atomic_fetch_sub(&session->server->open, 1);
    }
    close(fd);
    if (session) {
        uh_wire_port_closed(session->server->config.port);
    }
}

bool uh_session_detach(uh_session_t *session)
{
    struct uhttpd_server *server = session->server;
    if (session->detached) {
        return true;
    }
    atomic_fetch_add(&server->detached, 1);
    if (atomic_load(&server->stopping) ||
        httpd_req_async_handler_begin(session->engine, &session->detached) != ESP_OK) {
        session->detached = NULL;
        atomic_fetch_sub(&server->detached, 1);
        return false;
    }
    session->engine = NULL;
    if (uh_server_is_full(server)) {
        uh_io_wake(&server->keeper);
    }
    return true;
}

bool uh_session_keeps_pace(const uh_session_t *session, uh_pace_t *pace, uint64_t since)
{
    const uhttpd_config_t *config = &session->server->config;
    return uh_pace_waited(pace, uhttpd_os_now() - since, config->min_rate, config->rate_window);
}

#define WAIT_STEP_MS 100
#define STUCK_MS 200      /* that a job waits before it counts: less is usual on a busy server */
#define PATIENCE_MS 1000  /* with a client that is silent, while others find no worker; or that moves ... */
#define PATIENT_RATE 4096 /* ... fewer bytes per second */
#define UNFAIR_MS 250     /* is enough where the others' addresses have fewer workers ... */
#define CROWDED_MS 500    /* ... or where others do not even get in */

static uint32_t patience_with(uh_session_t *session)
{
    if (uh_executor_is_unfair(&session->server->executor, session->peer)) {
        return UNFAIR_MS;
    }
    return uh_crowd_has_all(session->server, session->peer) ? CROWDED_MS : PATIENCE_MS;
}

static bool is_in_the_way(uh_session_t *session, const uh_pace_t *pace, uint64_t waits)
{
    return uh_pace_lags(pace, waits, patience_with(session), PATIENT_RATE) &&
           uh_executor_is_stuck(&session->server->executor, STUCK_MS);
}

/* @return false: the client is too slow */
static bool note_in_the_way(uh_session_t *session)
{
    struct uhttpd_server *server = session->server;
    if (uh_server_is_full(server) || uh_crowd_is_around(server)) {
        uh_crowd_note(server, session->peer);
    }
    return false;
}

bool uh_session_wait(uh_session_t *session, unsigned events, uint32_t timeout, uh_pace_t *pace)
{
    uint64_t since = uhttpd_os_now(), waits = 0;
    while (waits < timeout) {
        if (is_in_the_way(session, pace, waits)) {
            return note_in_the_way(session);
        }
        uint64_t left = timeout - waits;
        if (uh_wire_wait(&session->wire, events, left < WAIT_STEP_MS ? (uint32_t)left : WAIT_STEP_MS)) {
            return uh_session_keeps_pace(session, pace, since);
        }
        waits = uhttpd_os_now() - since;
    }
    return false;
}

static void set_idle(uh_session_t *session)
{
    forget_request(session);
    session->engine = NULL;
    uhttpd_os_lock(session->server->lock);
    session->last_used = uhttpd_os_now();
    session->is_new = false;
    atomic_store(&session->state, UH_SESSION_IDLE);
    uhttpd_os_unlock(session->server->lock);
    if (uh_server_is_crowded(session->server)) {
        uh_io_wake(&session->server->keeper);
    }
}

void uh_session_reuse(uh_session_t *session)
{
    set_idle(session);
    if (session->detached) {
        uh_mailbox_hand_back(session);
    }
}

/* The engine finds the end of the file and closes: by its own hand, so that no newer connection in the same slot can be
 * hit, as httpd_sess_trigger_close() might. */
void uh_session_end(uh_session_t *session)
{
    /* Where the end of the connection is the end of the response, half of one must not end in good order. */
    if (session->req.broken && session->req.ends_by_close) {
        uh_wire_break(&session->wire);
    } else {
        uh_wire_shut(&session->wire);
    }
    atomic_store(&session->state, UH_SESSION_EXPIRED);
    if (session->detached) {
        uh_mailbox_hand_back(session);
    }
}

static void arrive_in_io(uh_io_call_t *call)
{
    uh_session_t *session = UH_CONTAINER_OF(call, uh_session_t, to_io);
    session->in_io(session);
}

void uh_session_to_io(uh_session_t *session, void (*in_io)(uh_session_t *session))
{
    session->in_io = in_io;
    session->to_io.run = arrive_in_io;
    uh_io_post(&session->to_io);
}
