/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <stdlib.h>

#include "exchange.h"
#include "io.h"
#include "dispatch.h"
#include "server.h"
#include "uhttpd_conn.h"
#include "wire.h"

struct uhttpd_conn {
    uh_session_t *session;
    const uhttpd_conn_events_t *events;
    void *ctx;
    bool placed;         /* it counts in server->taken */
    bool leaving;        /* only its peer's agreement is waited for */
    uhttpd_conn_t *next; /* server->conns */
    char remote[UH_ADDRESS_SIZE];
};

/* They stay for as long as they like: one socket is always left for requests. */
static bool conn_take_place(struct uhttpd_server *server)
{
    bool room = atomic_fetch_add(&server->taken, 1) + 1u < server->config.max_sockets;
    if (!room) {
        atomic_fetch_sub(&server->taken, 1);
    }
    return room;
}

esp_err_t uh_conn_take(uhttpd_req_t *req, const uhttpd_conn_events_t *events, void *ctx, uhttpd_conn_t **conn)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    if (uhttpd_req_answered(req)) {
        return ESP_ERR_UHTTPD_ANSWERED;
    }
    if (atomic_load(&session->server->stopping)) {
        return ESP_ERR_UHTTPD_STOPPING;
    }
    uhttpd_conn_t *taken = calloc(1, sizeof(*taken));
    if (!taken) {
        return ESP_ERR_NO_MEM;
    }
    if (!uh_session_detach(session)) {
        free(taken);
        return ESP_ERR_UHTTPD_BUSY;
    }
    taken->session = session;
    taken->events = events;
    taken->ctx = ctx;
    uh_wire_remote(&session->wire, taken->remote, sizeof(taken->remote));
    req->taken = taken;
    *conn = taken;
    return ESP_OK;
}

esp_err_t uhttpd_conn_take(uhttpd_req_t *req, const uhttpd_conn_events_t *events, void *ctx, uhttpd_conn_t **conn)
{
    struct uhttpd_server *server = UH_CONTAINER_OF(req, uh_session_t, req)->server;
    bool placed = conn_take_place(server);
    if (!placed && !uhttpd_req_answered(req)) {
        return ESP_ERR_UHTTPD_BUSY;
    }
    esp_err_t err = uh_conn_take(req, events, ctx, conn);
    if (err == ESP_OK) {
        (*conn)->placed = placed;
    } else if (placed) {
        atomic_fetch_sub(&server->taken, 1);
    }
    return err;
}

static void on_event(uh_io_source_t *source, unsigned events)
{
    (void)events;
    uhttpd_conn_t *conn = UH_CONTAINER_OF(source, uh_session_t, io)->req.taken;
    conn->events->ready(conn, conn->ctx);
}

/* As if it had never been taken over. */
static void conn_turn_away(uh_session_t *session)
{
    uhttpd_conn_t *conn = session->req.taken;
    conn->events->closed(conn, conn->ctx, false);
    free(conn);
    session->req.taken = NULL;
    session->req.may_block = false;
    uh_respond_busy(&session->req, NULL);
    uh_finish_request(session, ESP_OK);
}

/* Those that came before have had their first turn. Some of them have left, and others leave when they see the crowd. */
static bool conn_find_place(struct uhttpd_server *server)
{
    bool placed = conn_take_place(server);
    uhttpd_conn_t *next;
    for (uhttpd_conn_t *conn = server->conns; conn && !placed; conn = next) {
        next = conn->next;
        if (conn->leaving) {
            conn->events->ready(conn, conn->ctx);
            placed = conn_take_place(server);
        }
    }
    return placed;
}

static void conn_arrive(uh_session_t *session)
{
    uhttpd_conn_t *conn = session->req.taken;
    if (!conn->placed && !conn_find_place(session->server)) {
        conn_turn_away(session);
        return;
    }
    free(session->head);
    session->head = NULL;
    conn->placed = true;
    conn->next = session->server->conns;
    session->server->conns = conn;
    session->io.ready = on_event;
    session->io.want = UHTTPD_OS_READ;
    session->io.deadline = 0;
    uh_io_add(&session->io);
    conn->events->ready(conn, conn->ctx);
}

void uh_conn_start(uh_session_t *session)
{
    uh_session_to_io(session, conn_arrive);
}

static void unlink_conn(uhttpd_conn_t *conn)
{
    uhttpd_conn_t **link = &conn->session->server->conns;
    while (*link != conn) {
        link = &(*link)->next;
    }
    *link = conn->next;
}

static void conn_end(uhttpd_conn_t *conn, bool stopping)
{
    uh_session_t *session = conn->session;
    unlink_conn(conn);
    uh_io_remove(&session->io);
    conn->events->closed(conn, conn->ctx, stopping);
    free(conn);
    atomic_fetch_sub(&session->server->taken, 1);
    uh_session_linger(session); /* a reset must not destroy the last bytes sent, such as a close frame */
}

void uhttpd_conn_close(uhttpd_conn_t *conn)
{
    conn_end(conn, false);
}

void uh_conn_stop_all(struct uhttpd_server *server)
{
    uhttpd_conn_t *next;
    for (uhttpd_conn_t *conn = server->conns; conn; conn = next) {
        next = conn->next;
        if (conn->events->stopping) {
            conn->events->stopping(conn, conn->ctx);
        } else {
            conn_end(conn, true);
        }
    }
}

void uh_conn_end_all(struct uhttpd_server *server)
{
    while (server->conns) {
        conn_end(server->conns, true); /* takes it off the list. NOLINT(clang-analyzer-unix.Malloc) */
    }
}

int uhttpd_conn_recv(uhttpd_conn_t *conn, void *buf, size_t size)
{
    ssize_t got = uh_wire_read(&conn->session->wire, buf, size);
    return got >= 0 ? (int)got : -1;
}

int uhttpd_conn_send(uhttpd_conn_t *conn, const void *buf, size_t len)
{
    struct iovec part = {.iov_base = (void *)buf, .iov_len = len};
    ssize_t sent = uh_wire_write(&conn->session->wire, &part, 1);
    return sent >= 0 ? (int)sent : -1;
}

void uhttpd_conn_want(uhttpd_conn_t *conn, unsigned events)
{
    conn->session->io.want = events;
}

void uhttpd_conn_deadline(uhttpd_conn_t *conn, uint64_t when)
{
    conn->session->io.deadline = when;
}

void uhttpd_conn_wake(uhttpd_conn_t *conn)
{
    uh_io_wake(&conn->session->io);
}

void uh_conn_leave(uhttpd_conn_t *conn)
{
    conn->leaving = true;
}

bool uh_conn_is_crowded(const uhttpd_conn_t *conn)
{
    return uh_server_is_crowded(conn->session->server);
}

const char *uhttpd_conn_remote(const uhttpd_conn_t *conn)
{
    return conn->remote;
}

uhttpd_handle_t uhttpd_conn_server(const uhttpd_conn_t *conn)
{
    return conn->session->server;
}
