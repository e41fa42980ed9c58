/* SPDX-License-Identifier: MIT */

/* Keeps sockets free for those who come next: idle connections are closed, stalled streams give way. */
#include <sys/socket.h>

#include "server.h"
#include "uhttpd_priv.h"

#define SHORTEST_STEP_MS 100

static void expire(session_t *session, uint64_t now)
{
    session_state_t idle = SESSION_IDLE;
    if (now - session->last_used >= session->server->config.idle_timeout &&
        atomic_compare_exchange_strong(&session->state, &idle, SESSION_EXPIRED)) {
        shutdown(session->fd, SHUT_RDWR); /* the engine sees the end of the file, and closes */
    }
}

/* @return when to look again; 0: never */
static uint64_t sweep_idle(struct uhttpd_server *server)
{
    if (!server->config.idle_timeout) {
        return 0;
    }
    uhttpd_os_lock(server->lock);
    uint64_t now = uhttpd_os_now(); /* under the lock: never before any session's last_used */
    for (session_t *session = server->sessions; session; session = session->next) {
        expire(session, now);
    }
    uhttpd_os_unlock(server->lock);
    uint32_t step = server->config.idle_timeout / 4;
    return now + (step < SHORTEST_STEP_MS ? SHORTEST_STEP_MS : step);
}

static void keep(io_source_t *source, unsigned events)
{
    (void)events;
    struct uhttpd_server *server = CONTAINER_OF(source, struct uhttpd_server, keeper);
    uint64_t sweep = sweep_idle(server);
    uint64_t room = guest_make_room(server, uhttpd_os_now());
    source->deadline = sweep && (!room || sweep < room) ? sweep : room;
}

void keeper_start(struct uhttpd_server *server)
{
    server->keeper = (io_source_t) {.fd = -1, .ready = keep};
    io_add(&server->keeper);
    keep(&server->keeper, 0);
}

void keeper_stop(struct uhttpd_server *server)
{
    io_remove(&server->keeper);
}
