/* SPDX-License-Identifier: MIT */
#include "websocket/session.h"

#include <stdlib.h>
#include <string.h>

#include "http/text.h"
#include "stream.h"
#include "uhttpd_os.h"
#include "uhttpd_ws_codec.h"

#define CONTROL_FRAME (2 + UHTTPD_WS_MAX_CONTROL)
#define CONTROL_ROOM (2 * CONTROL_FRAME) /* beyond tx_size: pongs and a close frame always find room */
#define CLOSE_TIMEOUT_MS 2000
#define SILENT_MS 5000
#define READS_PER_TURN 4 /* then other connections have their turn */

typedef enum {
    OPEN,
    CLOSING, /* our close frame is queued or sent; the peer's is awaited */
    OVER,    /* both have closed: what is queued goes out, then the connection ends */
} state_t;

struct uhttpd_ws {
    const uhttpd_ws_config_t *config;
    const char *subprotocol;
    bool tolerant; /* of what WebREPL's old clients do */
    uhttpd_conn_t *conn;
    void *session;
    state_t state;
    uint16_t code;       /* to be reported by events.closed */
    atomic_uint *places; /* that sessions of this route take */
    bool opened;
    bool answers_pings;
    bool wants_room; /* the owner found too little room, and is called again when there is more */
    bool in_turn;    /* a callback runs: what it queues is sent at the end of the turn */

    uhttpd_ws_decoder_t decoder;
    uhttpd_ws_event_t held; /* data that the owner has not taken yet; none if len is 0 and final is not set */
    const uint8_t *reason;  /* the peer's */
    size_t reason_len;
    size_t rx_at, rx_len;
    size_t tx_at, tx_len;

    uint64_t heard;    /* last byte from the peer */
    uint64_t pinged;   /* the time since which a ping has been unanswered; 0: none */
    uint64_t taken;    /* last time the socket took something, or had nothing to take */
    uint64_t closing;  /* since when */
    uint64_t deadline; /* the owner's */

    uint8_t *tx;
    uint8_t rx[]; /* rx_size, then tx */
};

static size_t tx_capacity(const uhttpd_ws_t *ws)
{
    return ws->config->tx_size + CONTROL_ROOM;
}

/* --- output ------------------------------------------------------------------------------------------------------- */

static size_t ws_session_queued(const uhttpd_ws_t *ws)
{
    return ws->tx_len - ws->tx_at;
}

static void ws_session_append(uhttpd_ws_t *ws, const void *data, size_t len)
{
    if (ws->tx_at && ws->tx_len + len > tx_capacity(ws)) {
        memmove(ws->tx, ws->tx + ws->tx_at, ws_session_queued(ws));
        ws->tx_len -= ws->tx_at;
        ws->tx_at = 0;
    }
    if (len) {
        memcpy(ws->tx + ws->tx_len, data, len);
        ws->tx_len += len;
    }
}

static void append_frame(uhttpd_ws_t *ws, uint8_t opcode, const void *data, size_t len, bool final)
{
    uint8_t header[UHTTPD_WS_MAX_HEADER];
    ws_session_append(ws, header, uhttpd_ws_encode_header(header, opcode, final, len));
    ws_session_append(ws, data, len);
}

static bool has_control_room(const uhttpd_ws_t *ws)
{
    /* One frame stays in reserve for closing. */
    return ws_session_queued(ws) + 2 * CONTROL_FRAME <= tx_capacity(ws);
}

/* @return false: the socket is broken */
static bool ws_session_flush(uhttpd_ws_t *ws, uint64_t now)
{
    while (ws_session_queued(ws)) {
        int sent = uhttpd_conn_send(ws->conn, ws->tx + ws->tx_at, ws_session_queued(ws));
        if (sent < 0) {
            return false;
        }
        if (sent == 0) {
            return true;
        }
        ws->tx_at += (size_t)sent;
        ws->taken = now;
    }
    ws->tx_at = ws->tx_len = 0;
    ws->taken = now;
    return true;
}

/* --- closing ------------------------------------------------------------------------------------------------------ */

static void append_close(uhttpd_ws_t *ws, uint16_t code, const char *reason)
{
    uint8_t payload[UHTTPD_WS_MAX_CONTROL];
    size_t len = 0;
    if (code != UHTTPD_WS_NO_STATUS) {
        size_t reason_len = strnlen(reason, sizeof(payload) - 2);
        payload[0] = (uint8_t)(code >> 8);
        payload[1] = (uint8_t)code;
        memcpy(payload + 2, reason, reason_len);
        len = 2 + reason_len;
    }
    append_frame(ws, UHTTPD_WS_OP_CLOSE, payload, len, true);
}

static void start_closing(uhttpd_ws_t *ws, uint16_t code, const char *reason)
{
    if (ws->state != OPEN) {
        return;
    }
    append_close(ws, code, reason);
    ws->state = CLOSING;
    uh_conn_leave(ws->conn);
    ws->code = code;
    ws->closing = uhttpd_os_now();
    ws->held.len = 0; /* the owner wants no more; the peer's close frame may follow this */
    ws->held.final = false;
}

static void peer_closes(uhttpd_ws_t *ws, uint16_t code)
{
    if (ws->state == OPEN) {
        append_close(ws, code, "");
        ws->code = code;
        ws->closing = uhttpd_os_now();
    }
    ws->state = OVER;
}

void uhttpd_ws_close(uhttpd_ws_t *ws, uint16_t code, const char *reason)
{
    start_closing(ws, code, reason ? reason : "");
    if (!ws->in_turn) {
        uhttpd_conn_wake(ws->conn);
    }
}

/* --- input -------------------------------------------------------------------------------------------------------- */

static bool is_holding(const uhttpd_ws_t *ws)
{
    return ws->held.len || ws->held.final;
}

/* Offers the held data to the owner. The part that is not taken stays held and stops reading. */
static void ws_session_offer(uhttpd_ws_t *ws)
{
    uhttpd_ws_event_t *held = &ws->held;
    size_t taken =
        ws->config->events.data(ws, ws->session, (uhttpd_ws_type_t)held->type, held->payload, held->len, held->final);
    if (taken == UHTTPD_WS_LATER) {
        return;
    }
    if (taken >= held->len) { /* also when the owner has closed: nothing is held then */
        held->len = 0;
        held->final = false;
        return;
    }
    held->payload += taken;
    held->len -= taken;
}

static void ws_session_handle(uhttpd_ws_t *ws, const uhttpd_ws_event_t *event)
{
    switch (event->kind) {
    case UHTTPD_WS_EVENT_DATA:
        ws->held = *event;
        break;
    case UHTTPD_WS_EVENT_PING:
        append_frame(ws, UHTTPD_WS_OP_PONG, event->payload, event->len, true);
        break;
    case UHTTPD_WS_EVENT_CLOSE:
        ws->reason = event->payload; /* the decoder keeps it, as nothing is decoded any more */
        ws->reason_len = event->len;
        peer_closes(ws, event->code);
        break;
    case UHTTPD_WS_EVENT_ERROR:
        start_closing(ws, event->code, "");
        ws->state = OVER; /* nothing shows where the next frame begins */
        break;
    default:
        break;
    }
}

static bool wants_input(const uhttpd_ws_t *ws)
{
    return ws->state != OVER && !is_holding(ws) && has_control_room(ws);
}

static void ws_session_decode(uhttpd_ws_t *ws)
{
    while (wants_input(ws) && ws->rx_at < ws->rx_len) {
        uhttpd_ws_event_t event;
        ws->rx_at += uhttpd_ws_decode(&ws->decoder, ws->rx + ws->rx_at, ws->rx_len - ws->rx_at, &event);
        if (ws->state == CLOSING && event.kind == UHTTPD_WS_EVENT_DATA) {
            continue; /* the owner wants no more */
        }
        ws_session_handle(ws, &event);
        if (is_holding(ws)) {
            ws_session_offer(ws);
        }
    }
}

/* @return false: the connection is gone */
static bool read_input(uhttpd_ws_t *ws, uint64_t now)
{
    ws_session_decode(ws);
    for (int reads = 0; reads < READS_PER_TURN && wants_input(ws); reads++) {
        int got = uhttpd_conn_recv(ws->conn, ws->rx, ws->config->rx_size);
        if (got < 0) {
            return false;
        }
        if (got == 0) {
            return true;
        }
        ws->heard = now;
        ws->pinged = 0;
        ws->rx_at = 0;
        ws->rx_len = (size_t)got;
        ws_session_decode(ws);
    }
    return true;
}

/* --- time --------------------------------------------------------------------------------------------------------- */

/* @return 0: no such time */
static uint64_t time_after(uint64_t since, uint32_t ms)
{
    return since && ms ? since + ms : 0;
}

static uint64_t ws_session_sooner(uint64_t a, uint64_t b)
{
    return !a || (b && b < a) ? b : a;
}

/* When the connection is given up. */
static uint64_t end_time(const uhttpd_ws_t *ws)
{
    uint64_t when = ws_session_queued(ws) ? time_after(ws->taken, ws->config->dead_timeout) : 0;
    if (ws->state != OPEN) {
        return ws_session_sooner(when, time_after(ws->closing, CLOSE_TIMEOUT_MS));
    }
    /* A pong after data that the owner does not take cannot be seen. */
    bool waits_for_pong = ws->answers_pings && !is_holding(ws) && !ws->tolerant;
    return waits_for_pong ? ws_session_sooner(when, time_after(ws->pinged, ws->config->dead_timeout)) : when;
}

static uint64_t ping_time(const uhttpd_ws_t *ws)
{
    bool may_ping = ws->state == OPEN && !ws->pinged && has_control_room(ws);
    return may_ping ? time_after(ws->heard, ws->config->ping_interval) : 0;
}

static bool is_past(uint64_t when, uint64_t now)
{
    return when && when <= now; /* now is the start of the turn: things may have happened since */
}

/* @return false: the connection is given up */
static bool check_time(uhttpd_ws_t *ws, uint64_t now)
{
    if (is_past(end_time(ws), now)) {
        return false;
    }
    if (is_past(ping_time(ws), now)) {
        append_frame(ws, UHTTPD_WS_OP_PING, NULL, 0, true);
        ws->pinged = now;
    }
    return true;
}

static uint64_t next_deadline(const uhttpd_ws_t *ws)
{
    return ws_session_sooner(ws->deadline, ws_session_sooner(end_time(ws), ping_time(ws)));
}

/* --- a turn ------------------------------------------------------------------------------------------------------- */

static void call_owner(uhttpd_ws_t *ws, uint64_t now)
{
    if (is_past(ws->deadline, now)) {
        ws->deadline = 0;
    }
    if (ws->state == OPEN && ws->config->events.ready) {
        ws->config->events.ready(ws, ws->session);
    }
}

/* What is sent at the end of a turn makes room that no writable socket will report. */
static void tell_of_room(uhttpd_ws_t *ws)
{
    if (ws->wants_room && !ws_session_queued(ws)) {
        ws->wants_room = false;
        uhttpd_conn_wake(ws->conn);
    }
}

/* The peer's close frame is a courtesy: while there is no socket for others, nobody waits for it. */
static bool waits_for_peer(const uhttpd_ws_t *ws)
{
    return ws->state == OPEN || (ws->state == CLOSING && !uh_conn_is_crowded(ws->conn));
}

/* @return false: nothing is left to be done with this connection */
static bool take_turn(uhttpd_ws_t *ws)
{
    uint64_t now = uhttpd_os_now();
    if (!ws->opened && ws->state == OPEN) {
        ws->opened = true;
        ws->session = ws->config->events.open(ws, ws->config->ctx);
    }
    if (!ws_session_flush(ws, now) || !read_input(ws, now)) {
        return false;
    }
    call_owner(ws, now);
    size_t before = ws_session_queued(ws);
    if (!check_time(ws, now) || !ws_session_flush(ws, now)) {
        return false;
    }
    tell_of_room(ws);
    if (ws_session_queued(ws) < before) {
        uhttpd_conn_wake(ws->conn); /* there is more room than the owner knows, and nothing to wait for */
    }
    return waits_for_peer(ws) || ws_session_queued(ws);
}

static void ws_session_on_ready(uhttpd_conn_t *conn, void *ctx)
{
    uhttpd_ws_t *ws = ctx;
    ws->in_turn = true;
    bool going_on = take_turn(ws);
    ws->in_turn = false;
    if (!going_on) {
        uhttpd_conn_close(conn);
        return;
    }
    if (wants_input(ws) && ws->rx_at < ws->rx_len) {
        uhttpd_conn_wake(conn); /* there is room now for data in the buffer, which the socket does not report */
    }
    uhttpd_conn_want(conn, (wants_input(ws) ? UHTTPD_OS_READ : 0) | (ws_session_queued(ws) ? UHTTPD_OS_WRITE : 0));
    uhttpd_conn_deadline(conn, next_deadline(ws));
}

/* The peer's close frame is not waited for. */
static void on_stopping(uhttpd_conn_t *conn, void *ctx)
{
    uhttpd_ws_t *ws = ctx;
    start_closing(ws, UHTTPD_WS_SERVICE_RESTART, "");
    ws->state = OVER;
    uhttpd_conn_wake(conn);
}

static void ws_session_on_closed(uhttpd_conn_t *conn, void *ctx, bool stopping)
{
    (void)stopping;
    uhttpd_ws_t *ws = ctx;
    ws->in_turn = true;
    ws->state = OVER;
    if (ws->opened) {
        ws->config->events.closed(ws, ws->session, ws->code);
    }
    (void)conn;
    uh_ws_destroy(ws);
}

/* --- for the route ------------------------------------------------------------------------------------------------ */

const uhttpd_conn_events_t uh_ws_conn_events = {
    .ready = ws_session_on_ready, .stopping = on_stopping, .closed = ws_session_on_closed};

static void ws_session_add_head(uh_text_t *head, const uh_ws_accepted_t *accepted)
{
    uh_text_add(head, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
    uh_text_header(head, "Sec-WebSocket-Accept", accepted->accept);
    if (accepted->subprotocol) {
        uh_text_header(head, "Sec-WebSocket-Protocol", accepted->subprotocol);
    }
    uh_text_add(head, "\r\n");
}

uhttpd_ws_t *uh_ws_create(const uhttpd_ws_config_t *config, const uh_ws_accepted_t *accepted)
{
    uhttpd_ws_t *ws = malloc(sizeof(*ws) + config->rx_size + config->tx_size + CONTROL_ROOM);
    if (!ws) {
        return NULL;
    }
    uint64_t now = uhttpd_os_now();
    *ws = (uhttpd_ws_t) {.config = config,
                         .places = accepted->places,
                         .subprotocol = accepted->subprotocol,
                         .tolerant = config->tolerant && !accepted->subprotocol,
                         .code = UHTTPD_WS_ABNORMAL,
                         .heard = now,
                         .taken = now,
                         .answers_pings = accepted->answers_pings};
    ws->tx = ws->rx + config->rx_size;
    uhttpd_ws_decoder_init(&ws->decoder, ws->tolerant, config->max_message);
    uh_text_t head = {.at = (char *)ws->tx, .room = config->tx_size};
    ws_session_add_head(&head, accepted);
    ws->tx_len = head.len;
    if (!uh_text_fits(&head)) {
        free(ws);
        return NULL;
    }
    return ws;
}

void uh_ws_destroy(uhttpd_ws_t *ws)
{
    atomic_fetch_sub(ws->places, 1);
    free(ws);
}

void uh_ws_attach(uhttpd_ws_t *ws, uhttpd_conn_t *conn)
{
    ws->conn = conn;
}

/* --- what owners call --------------------------------------------------------------------------------------------- */

static size_t ws_session_room(const uhttpd_ws_t *ws)
{
    size_t used = ws_session_queued(ws) + UHTTPD_WS_MAX_HEADER;
    return ws->state == OPEN && used < ws->config->tx_size ? ws->config->tx_size - used : 0;
}

size_t uhttpd_ws_room(uhttpd_ws_t *ws)
{
    ws->wants_room = ws->wants_room || ws_session_queued(ws) > 0;
    return ws_session_room(ws);
}

bool uhttpd_ws_send_piece(uhttpd_ws_t *ws, uhttpd_ws_type_t type, const void *data, size_t len, bool final)
{
    if (ws->state != OPEN || ws_session_queued(ws) + UHTTPD_WS_MAX_HEADER + len > ws->config->tx_size) {
        ws->wants_room = true;
        return false;
    }
    append_frame(ws, (uint8_t)type, data, len, final);
    if (!ws->in_turn) {
        uhttpd_conn_wake(ws->conn);
    }
    return true;
}

bool uhttpd_ws_send(uhttpd_ws_t *ws, uhttpd_ws_type_t type, const void *data, size_t len)
{
    return uhttpd_ws_send_piece(ws, type, data, len, true);
}

void uhttpd_ws_resume(uhttpd_ws_t *ws)
{
    if (!is_holding(ws) || ws->state != OPEN) {
        return;
    }
    ws_session_offer(ws);
    if (!is_holding(ws)) {
        ws->pinged = ws->pinged ? uhttpd_os_now() : 0; /* the pong may follow the data that was held */
        uhttpd_conn_wake(ws->conn); /* the buffer may hold more data, which the socket does not report */
    }
}

void uhttpd_ws_deadline(uhttpd_ws_t *ws, uint64_t when)
{
    ws->deadline = when;
    if (!ws->in_turn) {
        uhttpd_conn_wake(ws->conn);
    }
}

void uhttpd_ws_wake(uhttpd_ws_t *ws)
{
    uhttpd_conn_wake(ws->conn);
}

bool uhttpd_ws_silent(const uhttpd_ws_t *ws)
{
    return ws->answers_pings && is_past(time_after(ws->pinged, SILENT_MS), uhttpd_os_now());
}

size_t uhttpd_ws_reason(const uhttpd_ws_t *ws, const char **reason)
{
    *reason = (const char *)ws->reason;
    return ws->reason_len;
}

const char *uhttpd_ws_remote(const uhttpd_ws_t *ws)
{
    return uhttpd_conn_remote(ws->conn);
}

const char *uhttpd_ws_subprotocol(const uhttpd_ws_t *ws)
{
    return ws->subprotocol;
}

uhttpd_handle_t uhttpd_ws_server(const uhttpd_ws_t *ws)
{
    return uhttpd_conn_server(ws->conn);
}
