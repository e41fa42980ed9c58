/* SPDX-License-Identifier: MIT */
#include "server.h"
#include "uhttpd_priv.h"

/* A third of the sockets: enough for honest clients on a slow network, and a crowd of half requests only pushes itself
 * out. */
static unsigned limit(const struct uhttpd_server *server)
{
    unsigned third = server->config.max_sockets / 3u;
    return third ? third : 1;
}

static void on_ready(io_source_t *source, unsigned events)
{
    session_t *session = CONTAINER_OF(source, session_t, io);
    if (events && !session->waited(session)) {
        return;
    }
    if (!source->deadline) { /* also for those who send a byte now and then */
        guest_remove(session);
        session->expire(session);
    }
}

static bool is_full(const struct uhttpd_server *server)
{
    unsigned count = 0;
    for (session_t *session = server->guests; session; session = session->next_guest) {
        count++;
    }
    return count >= limit(server);
}

static void make_room(struct uhttpd_server *server)
{
    if (is_full(server)) {
        session_t *oldest = server->guests;
        guest_remove(oldest);
        oldest->expire(oldest);
    }
}

static void add(session_t *session, session_t **link, unsigned want, uint32_t timeout,
                bool (*ready)(session_t *session), void (*expire)(session_t *session))
{
    session->waited = ready;
    session->expire = expire;
    session->io.ready = on_ready;
    session->io.want = want;
    session->io.deadline = uhttpd_os_now() + timeout;
    io_add(&session->io);
    session->next_guest = *link;
    *link = session;
}

void guest_add(session_t *session, unsigned want, uint32_t timeout, bool (*ready)(session_t *session),
               void (*expire)(session_t *session))
{
    make_room(session->server);
    session_t **link = &session->server->guests;
    while (*link) {
        link = &(*link)->next_guest;
    }
    add(session, link, want, timeout, ready, expire);
}

bool guest_add_humble(session_t *session, unsigned want, uint32_t timeout, bool (*ready)(session_t *session),
                      void (*expire)(session_t *session))
{
    if (is_full(session->server)) {
        return false;
    }
    add(session, &session->server->guests, want, timeout, ready, expire);
    return true;
}

void guest_remove(session_t *session)
{
    session_t **link = &session->server->guests;
    while (*link != session) {
        link = &(*link)->next_guest;
    }
    *link = session->next_guest;
    io_remove(&session->io);
}
