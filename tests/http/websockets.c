/* SPDX-License-Identifier: MIT */
/* WebSockets that echo, one that stops taking, and a raw connection. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "uhttpd_conn.h"
#include "uhttpd_os.h"

/* --- echo: whole messages, in slices if one frame cannot hold them ------------------------------------------------ */

#define ECHO_SIZE 80000

typedef struct {
    uhttpd_ws_type_t type;
    size_t len, sent;
    bool whole; /* data is a message on its way back */
    uint8_t data[ECHO_SIZE];
} echo_t;

static void *echo_open(uhttpd_ws_t *ws, void *ctx)
{
    (void)ws;
    (void)ctx;
    atomic_fetch_add(&g_counts.opened, 1);
    return calloc(1, sizeof(echo_t));
}

static void send_back(uhttpd_ws_t *ws, echo_t *echo)
{
    while (echo->whole) {
        size_t left = echo->len - echo->sent;
        size_t most = g_ws_limits.tx_size - 16u;
        size_t slice = left < most ? left : most;
        if (!uhttpd_ws_send(ws, echo->type, echo->data + echo->sent, slice)) {
            return;
        }
        echo->sent += slice;
        if (echo->sent == echo->len) {
            echo->whole = false;
            echo->len = echo->sent = 0;
        }
    }
}

/* The message "close 4001 reason" closes the session from within. */
static bool is_command(uhttpd_ws_t *ws, const echo_t *echo)
{
    static const char close[] = "close ";
    char text[128];
    if (echo->type != UHTTPD_WS_TEXT || echo->len >= sizeof(text) || echo->len < sizeof(close) ||
        memcmp(echo->data, close, sizeof(close) - 1) != 0) {
        return false;
    }
    memcpy(text, echo->data, echo->len);
    text[echo->len] = '\0';
    char *reason;
    unsigned long code = strtoul(text + sizeof(close) - 1, &reason, 10);
    uhttpd_ws_close(ws, (uint16_t)code, *reason ? reason + 1 : NULL);
    return true;
}

static size_t echo_data(uhttpd_ws_t *ws, void *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len,
                        bool final)
{
    echo_t *echo = session;
    atomic_fetch_add(&g_counts.data_calls, 1);
    send_back(ws, echo);
    if (echo->whole) {
        return UHTTPD_WS_LATER;
    }
    if (len > ECHO_SIZE - echo->len) {
        uhttpd_ws_close(ws, 4000, "more than this application takes");
        return len;
    }
    echo->type = type;
    memcpy(echo->data + echo->len, data, len);
    echo->len += len;
    if (final && !is_command(ws, echo)) {
        echo->whole = true;
        send_back(ws, echo);
    }
    return len;
}

static void echo_ready(uhttpd_ws_t *ws, void *session)
{
    echo_t *echo = session;
    atomic_fetch_add(&g_counts.turns, 1);
    send_back(ws, echo);
    if (!echo->whole) {
        uhttpd_ws_resume(ws);
    }
}

static void note_closed(uint16_t code)
{
    atomic_store(&g_counts.close_code, code);
    atomic_fetch_add(&g_counts.closed, 1);
}

static void echo_closed(uhttpd_ws_t *ws, void *session, uint16_t code)
{
    (void)ws;
    free(session);
    note_closed(code);
}

static const uhttpd_ws_events_t s_echo = {
    .open = echo_open, .data = echo_data, .ready = echo_ready, .closed = echo_closed};

/* --- stream: any length, on its way back while it comes ----------------------------------------------------------- */

typedef struct {
    bool within; /* a message */
} stream_t;

static void *stream_open(uhttpd_ws_t *ws, void *ctx)
{
    (void)ws;
    (void)ctx;
    atomic_fetch_add(&g_counts.opened, 1);
    return calloc(1, sizeof(stream_t));
}

static size_t stream_data(uhttpd_ws_t *ws, void *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len,
                          bool final)
{
    stream_t *stream = session;
    size_t room = uhttpd_ws_room(ws);
    size_t piece = len < room ? len : room;
    bool ends = final && piece == len;
    if ((piece == 0 && len > 0) ||
        !uhttpd_ws_send_piece(ws, stream->within ? UHTTPD_WS_CONTINUATION : type, data, piece, ends)) {
        return UHTTPD_WS_LATER;
    }
    stream->within = !ends;
    return piece;
}

static void stream_ready(uhttpd_ws_t *ws, void *session)
{
    (void)session;
    uhttpd_ws_resume(ws);
}

static const uhttpd_ws_events_t s_stream = {
    .open = stream_open, .data = stream_data, .ready = stream_ready, .closed = echo_closed};

/* --- stall: takes nothing until a command, then counts ------------------------------------------------------------ */

static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static uhttpd_ws_t *s_stalled; /* under s_lock */
static atomic_bool s_resumed;

static void *stall_open(uhttpd_ws_t *ws, void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&g_counts.opened, 1);
    atomic_store(&s_resumed, false);
    pthread_mutex_lock(&s_lock);
    s_stalled = ws;
    pthread_mutex_unlock(&s_lock);
    return calloc(1, sizeof(size_t));
}

static size_t stall_data(uhttpd_ws_t *ws, void *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len,
                         bool final)
{
    (void)type;
    (void)data;
    size_t *total = session;
    atomic_fetch_add(&g_counts.data_calls, 1);
    if (len >= 5 && memcmp(data, "close", 5) == 0) {
        uhttpd_ws_close(ws, UHTTPD_WS_NORMAL, "with data still held");
        return 0;
    }
    if (!atomic_load(&s_resumed)) {
        return UHTTPD_WS_LATER;
    }
    size_t some = len > 100 ? len / 2 : len; /* always less than is offered */
    *total += some;
    if (final && some == len) {
        uhttpd_ws_send(ws, UHTTPD_WS_BINARY, total, sizeof(*total));
    }
    return some;
}

static void stall_ready(uhttpd_ws_t *ws, void *session)
{
    (void)session;
    atomic_fetch_add(&g_counts.turns, 1);
    if (atomic_load(&s_resumed)) {
        uhttpd_ws_resume(ws);
        uhttpd_ws_wake(ws);
    }
}

static void stall_closed(uhttpd_ws_t *ws, void *session, uint16_t code)
{
    pthread_mutex_lock(&s_lock);
    s_stalled = s_stalled == ws ? NULL : s_stalled;
    pthread_mutex_unlock(&s_lock);
    free(session);
    note_closed(code);
}

void websockets_resume(void)
{
    atomic_store(&s_resumed, true);
    pthread_mutex_lock(&s_lock);
    if (s_stalled) {
        uhttpd_ws_wake(s_stalled);
    }
    pthread_mutex_unlock(&s_lock);
}

static const uhttpd_ws_events_t s_stall = {
    .open = stall_open, .data = stall_data, .ready = stall_ready, .closed = stall_closed};

/* --- a connection without any protocol ---------------------------------------------------------------------------- */

static void conn_ready(uhttpd_conn_t *conn, void *ctx)
{
    (void)ctx;
    char data[512];
    int got = uhttpd_conn_recv(conn, data, sizeof(data));
    if (got > 0) {
        got = uhttpd_conn_send(conn, data, (size_t)got);
    }
    if (got < 0) {
        uhttpd_conn_close(conn);
    }
}

static void conn_closed(uhttpd_conn_t *conn, void *ctx, bool stopping)
{
    (void)ctx;
    if (stopping) {
        uhttpd_conn_send(conn, "stopping", 8);
    }
    atomic_fetch_add(&g_counts.closed, 1);
}

static const uhttpd_conn_events_t s_conn = {.ready = conn_ready, .closed = conn_closed};

static esp_err_t take(uhttpd_req_t *req, void *ctx)
{
    uhttpd_conn_t *conn;
    esp_err_t err = uhttpd_conn_take(req, &s_conn, ctx, &conn);
    atomic_store(&g_counts.last_error, err);
    if (err != ESP_OK) {
        return uhttpd_write(req, "", 0, &(uhttpd_response_t) {.status = "503 Service Unavailable"});
    }
    atomic_fetch_add(&g_counts.opened, 1);
    /* Neither of these may do harm now. */
    atomic_store(&g_counts.last_error, uhttpd_write(req, "late", 4, NULL));
    return uhttpd_conn_take(req, &s_conn, ctx, &conn) == ESP_ERR_UHTTPD_ANSWERED ? ESP_OK : ESP_FAIL;
}

static esp_err_t say_plain(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    esp_err_t err = uhttpd_send_chunk(req, "a page", 6, NULL); /* in a worker only */
    return err == ESP_OK ? uhttpd_send_chunk(req, NULL, 0, NULL) : err;
}

esp_err_t websockets_add(uhttpd_handle_t server)
{
    static const struct {
        const char *url;
        const uhttpd_ws_events_t *events;
        bool tolerant;
        uhttpd_handler_t plain;
        const char *subprotocol;
        bool own_auth;
    } routes[] = {
        {.url = "/ws", .events = &s_echo},
        {.url = "/old", .events = &s_echo, .tolerant = true},
        {.url = "/page", .events = &s_echo, .plain = say_plain},
        {.url = "/sub", .events = &s_echo, .subprotocol = "echo.v1"},
        {.url = "/ws-stream", .events = &s_stream},
        {.url = "/stall", .events = &s_stall},
        {.url = "/own-ws", .events = &s_echo, .plain = say_plain, .own_auth = true},
    };
    esp_err_t err = ESP_OK;
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]) && err == ESP_OK; i++) {
        uhttpd_ws_config_t config = g_ws_limits;
        config.url = routes[i].url;
        config.events = *routes[i].events;
        config.tolerant = routes[i].tolerant;
        config.plain = routes[i].plain;
        config.subprotocol = routes[i].subprotocol;
        config.own_auth = routes[i].own_auth;
        err = uhttpd_ws_route(server, &config);
    }
    for (int in_line = 0; in_line < 2 && err == ESP_OK; in_line++) {
        err = uhttpd_route(server, &(uhttpd_route_t) {.url = in_line ? "/take-inline" : "/take",
                                                      .methods = UHTTPD_GET,
                                                      .handler = take,
                                                      .inline_handler = in_line});
    }
    return err;
}
