/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "engine.h"
#include "server.h"
#include "uhttpd_priv.h"

/* The engine frees the transport context when it deletes its session, in the HTTP task, after session_close(). */
static void free_session(void *ctx)
{
    session_t *session = ctx;
    session_forget_request(session);
    free(session);
}

esp_err_t session_open(httpd_handle_t engine, int fd)
{
    struct uhttpd_server *server = httpd_get_global_user_ctx(engine);
    if (!engine_accepts(fd, server->config.bind)) {
        return ESP_ERR_NOT_ALLOWED;
    }
    session_t *session = calloc(1, sizeof(*session));
    if (!session) {
        return ESP_ERR_NO_MEM;
    }
    session->server = server;
    session->fd = fd;
    session->last_used = uhttpd_os_now();
    session->io.fd = fd;

    /* Responses leave in one write each: waiting for more of them to fill a segment would only delay them. */
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    engine_tune(fd);
    httpd_sess_set_transport_ctx(engine, fd, session, free_session);
    httpd_sess_set_recv_override(engine, fd, gate_recv);

    uhttpd_os_lock(server->lock);
    session->next = server->sessions;
    session->link = &server->sessions;
    if (session->next) {
        session->next->link = &session->next;
    }
    server->sessions = session;
    uhttpd_os_unlock(server->lock);
    if (atomic_fetch_add(&server->open, 1) + 1u >= server->config.max_sockets) {
        io_wake(&server->keeper); /* the next newcomer should find room */
    }
    return ESP_OK;
}

void session_close(httpd_handle_t engine, int fd)
{
    session_t *session = httpd_sess_get_transport_ctx(engine, fd);
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
}

bool session_detach(session_t *session, httpd_req_t *r)
{
    struct uhttpd_server *server = session->server;
    atomic_fetch_add(&server->detached, 1);
    if (atomic_load(&server->stopping) || httpd_req_async_handler_begin(r, &session->detached) != ESP_OK) {
        session->detached = NULL;
        atomic_fetch_sub(&server->detached, 1);
        return false;
    }
    if (server_is_full(server)) {
        io_wake(&server->keeper);
    }
    return true;
}

bool session_keeps_pace(const session_t *session, pace_t *pace, uint64_t since)
{
    const uhttpd_config_t *config = &session->server->config;
    return pace_waited(pace, uhttpd_os_now() - since, config->min_rate, config->rate_window);
}

void session_forget_request(session_t *session)
{
    response_drop_unsent(session);
    free(session->head);
    session->head = NULL;
    session->head_len = session->head_size = session->head_scanned = 0;
}

static void hand_back(session_t *session)
{
    struct uhttpd_server *server = session->server;
    httpd_req_t *detached = session->detached;
    session->detached = NULL;
    httpd_req_async_handler_complete(detached); /* from here on the session is the engine's */
    atomic_fetch_add(&server->returned, 1);
    atomic_fetch_sub(&server->detached, 1);
}

static void set_idle(session_t *session)
{
    session_forget_request(session);
    uhttpd_os_lock(session->server->lock);
    session->last_used = uhttpd_os_now();
    atomic_store(&session->state, SESSION_IDLE);
    uhttpd_os_unlock(session->server->lock);
    if (server_is_crowded(session->server)) {
        io_wake(&session->server->keeper);
    }
}

void session_reuse(session_t *session)
{
    set_idle(session);
    if (session->detached) {
        hand_back(session);
    }
}

/* Where the end of the connection is the end of the response, half of one must not end in good order: the engine's
 * close() resets. */
static int prepare_end(const session_t *session)
{
    if (session->req.broken && session->req.ends_by_close) {
        struct linger reset = {.l_onoff = 1};
        setsockopt(session->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        return SHUT_RD;
    }
    return SHUT_RDWR;
}

/* The engine finds the end of the file and closes: by its own hand, so that no newer connection in the same slot can be
 * hit, as httpd_sess_trigger_close() might. */
void session_end(session_t *session)
{
    shutdown(session->fd, prepare_end(session));
    atomic_store(&session->state, SESSION_EXPIRED);
    if (session->detached) {
        hand_back(session);
    }
}

static void arrive_in_io(io_call_t *call)
{
    session_t *session = CONTAINER_OF(call, session_t, to_io);
    session->in_io(session);
}

void session_to_io(session_t *session, void (*in_io)(session_t *session))
{
    session->in_io = in_io;
    session->to_io.run = arrive_in_io;
    io_post(&session->to_io);
}
