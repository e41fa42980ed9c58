/* SPDX-License-Identifier: MIT */

/*
 * Keeps sockets free for those who come next. The engine accepts nobody while every socket is taken, since it could only
 * replace connections that may have sent a request a moment ago. So whoever is answered then is told to close
 * (dispatch.c), connections that have been idle for a while are closed, and stalled streams give way.
 */
#include <sys/socket.h>

#include "server.h"
#include "uhttpd_priv.h"

#define SHORTEST_STEP_MS 100
#define IDLE_GRACE_MS 100  /* within which the next request of a busy client is on its way */
#define LAST_WAITS_MS 1000 /* for a worker, before it is told to come again */

/* --- idle connections --------------------------------------------------------------------------------------------- */

static void expire(session_t *session)
{
    session_state_t idle = SESSION_IDLE;
    if (atomic_compare_exchange_strong(&session->state, &idle, SESSION_EXPIRED)) {
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
        if (now - session->last_used >= server->config.idle_timeout) {
            expire(session);
        }
    }
    uhttpd_os_unlock(server->lock);
    uint32_t step = server->config.idle_timeout / 4;
    return now + (step < SHORTEST_STEP_MS ? SHORTEST_STEP_MS : step);
}

static bool has_asked(const session_t *session)
{
    char byte;
    return recv(session->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* Under lock. The list begins with the newest, and time is coarse. */
static session_t *longest_idle(const struct uhttpd_server *server)
{
    session_t *longest = NULL;
    for (session_t *session = server->sessions; session; session = session->next) {
        bool longer = !longest || session->last_used <= longest->last_used;
        if (longer && atomic_load(&session->state) == SESSION_IDLE && !has_asked(session)) {
            longest = session;
        }
    }
    return longest;
}

/* When no socket is left, closes the connection that has been idle for longest. @return when to look again; 0: when
 * something changes */
static uint64_t replace_idle(struct uhttpd_server *server)
{
    if (!server_is_crowded(server)) {
        return 0;
    }
    uhttpd_os_lock(server->lock);
    uint64_t now = uhttpd_os_now();
    session_t *longest = longest_idle(server);
    uint64_t due = longest ? longest->last_used + IDLE_GRACE_MS : 0;
    if (longest && due <= now) {
        expire(longest);
        due = now + IDLE_GRACE_MS;
    }
    uhttpd_os_unlock(server->lock);
    return due;
}

/* --- who has the last socket, and waits for a worker -------------------------------------------------------------- */

void keeper_watch(session_t *session)
{
    struct uhttpd_server *server = session->server;
    if (server_is_full(server)) {
        uhttpd_os_lock(server->lock);
        server->last_in_since = uhttpd_os_now();
        atomic_store(&server->last_in, session);
        uhttpd_os_unlock(server->lock);
        io_wake(&server->keeper);
    }
}

void keeper_forget(session_t *session)
{
    atomic_compare_exchange_strong(&session->server->last_in, &session, NULL);
}

/* Nobody else can even be told that there is no room. @return as replace_idle() */
static uint64_t give_up_last(struct uhttpd_server *server, uint64_t now)
{
    uhttpd_os_lock(server->lock);
    session_t *last = atomic_load(&server->last_in);
    uint64_t due = server->last_in_since + LAST_WAITS_MS;
    uhttpd_os_unlock(server->lock);
    if (!last || due > now) {
        return last ? due : 0;
    }
    session_t *expected = last;
    atomic_compare_exchange_strong(&server->last_in, &expected, NULL);
    if (executor_withdraw(&server->executor, &last->req.job)) { /* until then it may be gone */
        dispatch_give_up(last);
    }
    return 0;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static uint64_t sooner(uint64_t one, uint64_t other)
{
    return one && (!other || one < other) ? one : other;
}

static void keep(io_source_t *source, unsigned events)
{
    (void)events;
    struct uhttpd_server *server = CONTAINER_OF(source, struct uhttpd_server, keeper);
    uint64_t when = sooner(sweep_idle(server), replace_idle(server));
    when = sooner(when, guest_make_room(server, uhttpd_os_now()));
    source->deadline = sooner(when, give_up_last(server, uhttpd_os_now()));
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
