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
    if (events) {
        session->waited(session);
    } else if (!source->deadline) {
        guest_remove(session);
        session->expire(session);
    }
}

static void make_room(struct uhttpd_server *server)
{
    unsigned count = 0;
    for (session_t *session = server->guests; session; session = session->next_guest) {
        count++;
    }
    if (count >= limit(server)) {
        session_t *oldest = server->guests;
        guest_remove(oldest);
        oldest->expire(oldest);
    }
}

void guest_add(session_t *session, unsigned want, uint32_t timeout, void (*ready)(session_t *session),
               void (*expire)(session_t *session))
{
    make_room(session->server);
    session->waited = ready;
    session->expire = expire;
    session->io.ready = on_ready;
    session->io.want = want;
    session->io.deadline = uhttpd_os_now() + timeout;
    io_add(&session->io);

    session->next_guest = NULL;
    session_t **link = &session->server->guests;
    while (*link) {
        link = &(*link)->next_guest;
    }
    *link = session;
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
