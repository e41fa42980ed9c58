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

static void keeper_expire(uh_session_t *session)
{
    uh_session_state_t idle = UH_SESSION_IDLE;
    if (atomic_compare_exchange_strong(&session->state, &idle, UH_SESSION_EXPIRED)) {
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
    for (uh_session_t *session = server->sessions; session; session = session->next) {
        if (now - session->last_used >= server->config.idle_timeout) {
            keeper_expire(session);
        }
    }
    uhttpd_os_unlock(server->lock);
    uint32_t step = server->config.idle_timeout / 4;
    return now + (step < SHORTEST_STEP_MS ? SHORTEST_STEP_MS : step);
}

static bool has_asked(const uh_session_t *session)
{
    char byte;
    return recv(session->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* Under lock. The list begins with the newest, and time is coarse. */
static uh_session_t *longest_idle(const struct uhttpd_server *server)
{
    uh_session_t *longest = NULL;
    for (uh_session_t *session = server->sessions; session; session = session->next) {
        bool longer = !longest || session->last_used <= longest->last_used;
        if (longer && atomic_load(&session->state) == UH_SESSION_IDLE && !has_asked(session)) {
            longest = session;
        }
    }
    return longest;
}

/* When no socket is left, closes the connection that has been idle for longest. @return when to look again; 0: when
 * something changes */
static uint64_t replace_idle(struct uhttpd_server *server)
{
    if (!uh_server_is_crowded(server)) {
        return 0;
    }
    uhttpd_os_lock(server->lock);
    uint64_t now = uhttpd_os_now();
    uh_session_t *longest = longest_idle(server);
    uint64_t due = longest ? longest->last_used + IDLE_GRACE_MS : 0;
    if (longest && due <= now) {
        keeper_expire(longest);
        due = now + IDLE_GRACE_MS;
    }
    uhttpd_os_unlock(server->lock);
    return due;
}

/* --- who has the last socket, and waits for a worker -------------------------------------------------------------- */

void uh_keeper_watch(uh_session_t *session)
{
    struct uhttpd_server *server = session->server;
    if (uh_server_is_full(server)) {
        uhttpd_os_lock(server->lock);
        server->last_in_since = uhttpd_os_now();
        atomic_store(&server->last_in, session);
        uhttpd_os_unlock(server->lock);
        uh_io_wake(&server->keeper);
    }
}

void uh_keeper_forget(uh_session_t *session)
{
    atomic_compare_exchange_strong(&session->server->last_in, &session, NULL);
}

/* Nobody else can even be told that there is no room. @return as replace_idle() */
static uint64_t give_up_last(struct uhttpd_server *server, uint64_t now)
{
    uhttpd_os_lock(server->lock);
    uh_session_t *last = atomic_load(&server->last_in);
    uint64_t due = server->last_in_since + LAST_WAITS_MS;
    uhttpd_os_unlock(server->lock);
    if (!last || due > now) {
        return last ? due : 0;
    }
    uh_session_t *expected = last;
    atomic_compare_exchange_strong(&server->last_in, &expected, NULL);
    if (uh_executor_withdraw(&server->executor, &last->req.job)) { /* until then it may be gone */
        uh_dispatch_give_up(last);
    }
    return 0;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static uint64_t keeper_sooner(uint64_t one, uint64_t other)
{
    return one && (!other || one < other) ? one : other;
}

static void keeper_keep(uh_io_source_t *source, unsigned events)
{
    (void)events;
    struct uhttpd_server *server = UH_CONTAINER_OF(source, struct uhttpd_server, keeper);
    uint64_t when = keeper_sooner(sweep_idle(server), replace_idle(server));
    when = keeper_sooner(when, uh_guest_make_room(server, uhttpd_os_now()));
    source->deadline = keeper_sooner(when, give_up_last(server, uhttpd_os_now()));
}

void uh_keeper_start(struct uhttpd_server *server)
{
    server->keeper = (uh_io_source_t) {.fd = -1, .ready = keeper_keep};
    uh_io_add(&server->keeper);
    keeper_keep(&server->keeper, 0);
}

void uh_keeper_stop(struct uhttpd_server *server)
{
    uh_io_remove(&server->keeper);
}
