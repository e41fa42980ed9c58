/* SPDX-License-Identifier: MIT */

/*
 * The gate. Left to itself, esp_http_server reads a head with blocking calls: one client that sends half a head holds
 * up every other client for seconds. So the engine never sees a head. Whenever a socket is readable, it is given one
 * small request of ours, the knock, whose handler looks at what is really there without waiting: a whole head is
 * dispatched, half a head is parked in the I/O task. Bodies, and bytes behind an upgrade, stay in the kernel until
 * whoever owns the request reads them. DESIGN.md argues this at length.
 */
#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

#include "server.h"
#include "waiting.h"

#define FIRST_SIZE 512 /* bytes: most heads fit, and a chip can spare it for each request in work */

static const char s_knock[] = "GET / HTTP/1.1\r\na:b\r\n\r\n"; /* without any header line the engine gets out of step */

typedef enum {
    HEAD_WHOLE,
    HEAD_PARTIAL,
    HEAD_TOO_LONG,
    HEAD_NO_MEMORY,
    HEAD_CLOSED,
} head_state_t;

int uh_gate_recv(httpd_handle_t engine, int fd, char *buf, size_t len, int flags)
{
    (void)engine;
    (void)fd;
    (void)flags;
    if (len < sizeof(s_knock) - 1) {
        return HTTPD_SOCK_ERR_FAIL;
    }
    memcpy(buf, s_knock, sizeof(s_knock) - 1);
    return sizeof(s_knock) - 1;
}

/* @return HEAD_PARTIAL: there is room for at least one more byte. */
static head_state_t gate_make_room(uh_session_t *session)
{
    size_t max = session->server->config.max_header;
    if (session->head_len < session->head_size) {
        return HEAD_PARTIAL;
    }
    size_t size = session->head_size ? session->head_size * 2 : FIRST_SIZE;
    size = size < max ? size : max;
    if (size <= session->head_size) {
        return HEAD_TOO_LONG;
    }
    char *head = realloc(session->head, size);
    if (!head) {
        return HEAD_NO_MEMORY;
    }
    session->head = head;
    session->head_size = size;
    return HEAD_PARTIAL;
}

/*
 * Collects the head exactly up to its blank line, because the bytes after it belong to the body or to the next request.
 * Hence the peek first. lwIP peeks one buffer at a time, so it takes several rounds there.
 */
static head_state_t collect_head(uh_session_t *session)
{
    for (;;) {
        head_state_t room = gate_make_room(session);
        if (room != HEAD_PARTIAL) {
            return room;
        }
        char *at = session->head + session->head_len;
        ssize_t peeked = uh_wire_peek(&session->wire, at, session->head_size - session->head_len);
        if (peeked <= 0) {
            return peeked == UH_WIRE_LATER ? HEAD_PARTIAL : HEAD_CLOSED;
        }
        size_t end = uh_head_find_end(session->head, session->head_len + (size_t)peeked, &session->head_scanned);
        size_t take = end ? end - session->head_len : (size_t)peeked;
        if (uh_wire_read(&session->wire, at, take) != (ssize_t)take) {
            return HEAD_CLOSED;
        }
        session->head_len += take;
        if (end) {
            return HEAD_WHOLE;
        }
    }
}

static esp_err_t refuse_long(uh_session_t *session)
{
    bool whole_line = session->head && memchr(session->head, '\n', session->head_len);
    return uh_dispatch_refusal(session, whole_line ? 431 : 414);
}

static void gate_late(uh_session_t *session, esp_err_t why)
{
    if (why == ESP_ERR_UHTTPD_STOPPING) {
        uh_session_end(session);
    } else {
        uh_dispatch_refusal(session, 408);
    }
}

/* @return true while the head is not whole. */
static bool gate_go_on(uh_session_t *session)
{
    head_state_t state = collect_head(session);
    if (state == HEAD_PARTIAL) {
        return true;
    }
    uh_guest_remove(session);
    if (state == HEAD_WHOLE) {
        uh_dispatch_head(session);
    } else if (state == HEAD_TOO_LONG) {
        refuse_long(session);
    } else if (state == HEAD_NO_MEMORY) {
        uh_dispatch_refusal(session, 503);
    } else {
        uh_session_end(session);
    }
    return false;
}

static void gate_park(uh_session_t *session)
{
    static const uh_guest_t half_head = {
        .rank = UH_GUEST_HEAD, .want = UHTTPD_OS_READ, .ready = gate_go_on, .over = gate_late};
    uh_guest_add(session, &half_head, session->server->config.header_timeout);
}

/* The engine's only handler: a client has sent something, or has gone. */
esp_err_t uh_gate_knock(httpd_req_t *r)
{
    uh_session_t *session = httpd_sess_get_transport_ctx(r->handle, httpd_req_to_sockfd(r));
    if (!session || !uh_keeper_lets_serve(session)) {
        return ESP_FAIL;
    }
    session->engine = r;
    switch (collect_head(session)) {
    case HEAD_WHOLE:
        return uh_dispatch_head(session);
    case HEAD_TOO_LONG:
        return refuse_long(session);
    case HEAD_NO_MEMORY:
        return uh_dispatch_refusal(session, 503);
    case HEAD_PARTIAL:
        if (!session->head_len) { /* nothing there after all */
            uh_session_reuse(session);
            return ESP_OK;
        }
        if (uh_session_detach(session)) {
            uh_session_to_io(session, gate_park);
            return ESP_OK;
        }
        return uh_dispatch_refusal(session, 503);
    default:
        return ESP_FAIL;
    }
}
