/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "events/event.h"
#include "exchange.h"
#include "server.h"
#include "uhttpd_conn.h"
#include "uhttpd_events.h"
#include "wire.h"

#define LEAST_BUFFER 256
#define MOST_BUFFER (1024 * 1024)
#define LEAST_HEARTBEAT_MS 100
#define HEARTBEAT ":\n\n"
#define ID_SIZE sizeof(s_any_number)

static const char s_any_number[] = "00000000-00000000"; /* of an event */

typedef struct client {
    struct uh_events *events;
    uhttpd_conn_t *conn;
    struct client *next, **link; /* events->clients, once the connection is the I/O task's */
    uint64_t at;                 /* its place in the ring */
    uint64_t since;              /* when it was last sent something, or began to lag behind */
    bool waits;                  /* it lags behind: the socket takes nothing now */
    bool listed;
    const char *head; /* what comes before events: first the response's head, then heartbeats */
    size_t head_len, head_at;
    char response[];
} client_t;

typedef struct uh_events {
    uhttpd_events_config_t config;
    struct uhttpd_server *server;
    uhttpd_os_mutex_t lock; /* guards ring, number, clients */
    uh_event_ring_t ring;
    uint32_t nonce;  /* distinguishes numbers of this start of the server from those of others */
    uint32_t number; /* of the next event without an id */
    client_t *clients;
    atomic_uint taken; /* places for clients that are in use */
} events_t;

/* --- a client, in the I/O task ------------------------------------------------------------------------------------ */

static void events_enlist(client_t *client)
{
    events_t *events = client->events;
    client->listed = true;
    client->since = uhttpd_os_now();
    uhttpd_os_lock(events->lock);
    client->next = events->clients;
    client->link = &events->clients;
    if (client->next) {
        client->next->link = &client->next;
    }
    events->clients = client;
    uhttpd_os_unlock(events->lock);
}

/* Discards what a listener sends. @return false: it has gone */
static bool events_discard_input(uhttpd_conn_t *conn)
{
    char bin[128];
    int got;
    for (int rounds = 0; rounds < 16 && (got = uhttpd_conn_recv(conn, bin, sizeof(bin))) != 0; rounds++) {
        if (got < 0) {
            return false;
        }
    }
    return true;
}

/* @return bytes taken, 0: nothing now or nothing to send, -1: broken */
static int send_head(client_t *client)
{
    size_t left = client->head_len - client->head_at;
    int sent = left ? uhttpd_conn_send(client->conn, client->head + client->head_at, left) : 0;
    if (sent > 0) {
        client->head_at += (size_t)sent;
    }
    return sent;
}

/* @return as send_head(), and -1 if the client lags behind by more than the ring keeps */
static int send_events(client_t *client)
{
    events_t *events = client->events;
    uhttpd_os_lock(events->lock);
    int sent = client->at < events->ring.first ? -1 : 0;
    const char *bytes;
    size_t len = sent ? 0 : uh_event_ring_peek(&events->ring, client->at, &bytes);
    if (len) {
        sent = uhttpd_conn_send(client->conn, bytes, len);
    }
    uhttpd_os_unlock(events->lock);
    if (sent > 0) {
        client->at += (uint64_t)sent;
    }
    return sent;
}

static bool has_head(const client_t *client)
{
    return client->head_at < client->head_len;
}

static bool is_behind(client_t *client)
{
    events_t *events = client->events;
    uhttpd_os_lock(events->lock);
    bool behind = client->at < events->ring.end;
    uhttpd_os_unlock(events->lock);
    return behind;
}

/* @return false: the connection is broken */
static bool send_all(client_t *client)
{
    int sent;
    do {
        sent = has_head(client) ? send_head(client) : send_events(client);
        if (sent > 0) {
            client->since = uhttpd_os_now();
        }
    } while (sent > 0);
    return sent == 0;
}

static void events_on_closed(uhttpd_conn_t *conn, void *ctx, bool stopping)
{
    (void)conn;
    client_t *client = ctx;
    events_t *events = client->events;
    if (stopping) {
        send_all(client); /* nobody will have it once the server is gone */
    }
    if (client->listed) {
        uhttpd_os_lock(events->lock);
        *client->link = client->next;
        if (client->next) {
            client->next->link = client->link;
        }
        uhttpd_os_unlock(events->lock);
    }
    free(client);
    atomic_fetch_sub(&events->taken, 1);
}

/* Between two events, never within one. */
static void add_heartbeat(client_t *client)
{
    client->head = HEARTBEAT;
    client->head_len = strlen(HEARTBEAT);
    client->head_at = 0;
}

/* Notes since when it has stalled, or has got all there is. */
static void events_note_progress(client_t *client, uint64_t now)
{
    bool waits = has_head(client) || is_behind(client);
    if (waits && !client->waits) {
        client->since = now;
    }
    client->waits = waits;
}

/* When a stalled client has stalled for too long, or another one is due for a heartbeat. */
static uint64_t events_deadline(const client_t *client)
{
    const events_t *events = client->events;
    return client->since + (client->waits ? events->server->config.send_timeout : events->config.heartbeat);
}

static void events_on_ready(uhttpd_conn_t *conn, void *ctx)
{
    client_t *client = ctx;
    if (!client->listed) {
        events_enlist(client);
    }
    uint64_t now = uhttpd_os_now();
    if (!events_discard_input(conn) || !send_all(client)) {
        uhttpd_conn_close(conn);
        return;
    }
    events_note_progress(client, now);
    if (events_deadline(client) > now) {
        uhttpd_conn_want(conn, client->waits ? UHTTPD_OS_READ | UHTTPD_OS_WRITE : UHTTPD_OS_READ);
        uhttpd_conn_deadline(conn, events_deadline(client));
    } else if (client->waits) {
        uhttpd_conn_close(conn);
    } else {
        add_heartbeat(client);
        uhttpd_conn_wake(conn);
    }
}

/* --- a request to listen ------------------------------------------------------------------------------------------ */

static esp_err_t events_refuse(uhttpd_req_t *req)
{
    return uh_respond(req, 503, "too many listeners", &(uhttpd_header_t) {"Retry-After", "5"}, 1);
}

/* nginx would hold events back until it has some kilobytes of them. */
static const uhttpd_header_t s_fresh[] = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
static const uhttpd_response_t s_stream = {.mime = "text/event-stream", .headers = s_fresh, .header_count = 2};

static void events_add_head(const events_t *events, uhttpd_req_t *req, uh_text_t *text)
{
    uh_response_head(UH_CONTAINER_OF(req, uh_session_t, req), &s_stream, UH_RESPONSE_ENDLESS, text);
    if (events->config.retry) {
        uh_text_add(text, "retry: ");
        uh_text_decimal(text, events->config.retry, 1);
        uh_text_add(text, "\n\n");
    }
}

/* @return NULL: there is no memory */
static client_t *events_new_client(events_t *events, uhttpd_req_t *req)
{
    req->keep_alive = false; /* the end of the connection is the end of the stream */
    req->answers_chunked = false;
    uh_text_t head = {0};
    events_add_head(events, req, &head);
    client_t *client = calloc(1, sizeof(*client) + head.len);
    if (!client) {
        return NULL;
    }
    head = (uh_text_t) {.at = client->response, .room = head.len};
    events_add_head(events, req, &head);
    if (!uh_text_fits(&head)) { /* the clock has just been set, and the date is new */
        free(client);
        return NULL;
    }
    client->events = events;
    client->head = client->response;
    client->head_len = head.len;
    return client;
}

/* A client that reconnects gets what it missed, or everything that is kept if its last event no longer is. */
static uint64_t events_place_of(events_t *events, const char *last_id)
{
    uhttpd_os_lock(events->lock);
    uint64_t at = events->ring.end;
    if (last_id && !uh_event_ring_find(&events->ring, last_id, &at)) {
        at = events->ring.first;
    }
    uhttpd_os_unlock(events->lock);
    return at;
}

static esp_err_t accept_listener(uhttpd_req_t *req, events_t *events)
{
    static const uhttpd_conn_events_t callbacks = {.ready = events_on_ready, .closed = events_on_closed};
    client_t *client = events_new_client(events, req);
    if (!client) {
        return events_refuse(req);
    }
    client->at = events_place_of(events, uhttpd_req_header(req, "Last-Event-ID"));
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    uh_wire_give_up_after(&session->wire, events->server->config.send_timeout);
    if (uhttpd_conn_take(req, &callbacks, client, &client->conn) != ESP_OK) {
        free(client);
        return events_refuse(req);
    }
    return ESP_OK;
}

static esp_err_t events_handle(uhttpd_req_t *req, void *ctx)
{
    events_t *events = ctx;
    const uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    if (session->parsed.method == UHTTPD_HEAD) {
        return uh_response_endless_head(req, &s_stream);
    }
    if (atomic_fetch_add(&events->taken, 1) < events->config.clients) {
        esp_err_t err = accept_listener(req, events);
        if (req->taken) {
            return err;
        }
        atomic_fetch_sub(&events->taken, 1);
        return err;
    }
    atomic_fetch_sub(&events->taken, 1);
    return events_refuse(req);
}

/* --- what firmware calls ------------------------------------------------------------------------------------------ */

static void free_events(void *ctx)
{
    events_t *events = ctx;
    if (events->lock) {
        uhttpd_os_mutex_destroy(events->lock);
    }
    free(events->ring.bytes);
    free(events);
}

static events_t *events_create(struct uhttpd_server *server, const uhttpd_events_config_t *config)
{
    events_t *events = calloc(1, sizeof(*events));
    if (!events) {
        return NULL;
    }
    events->config = *config;
    events->config.url = NULL; /* the route has a copy */
    events->server = server;
    events->nonce = uhttpd_os_random();
    events->ring = (uh_event_ring_t) {.bytes = malloc(config->buffer), .size = config->buffer};
    events->lock = uhttpd_os_mutex_create();
    if (!events->ring.bytes || !events->lock) {
        free_events(events);
        return NULL;
    }
    return events;
}

static bool events_is_valid(const uhttpd_events_config_t *config)
{
    return config->url && !strpbrk(config->url, "*<") && config->clients && config->buffer >= LEAST_BUFFER &&
           config->buffer <= MOST_BUFFER && config->heartbeat >= LEAST_HEARTBEAT_MS;
}

esp_err_t uhttpd_events_route(uhttpd_handle_t server, const uhttpd_events_config_t *config)
{
    if (!events_is_valid(config)) {
        return ESP_ERR_INVALID_ARG;
    }
    if (atomic_load(&server->events)) {
        return ESP_ERR_INVALID_STATE;
    }
    events_t *events = events_create(server, config);
    if (!events) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = uh_server_add_route(server,
                                        &(uhttpd_route_t) {.url = config->url,
                                                           .methods = UHTTPD_GET,
                                                           .handler = events_handle,
                                                           .ctx = events,
                                                           .inline_handler = true,
                                                           .free_ctx = free_events},
                                        &(uh_route_options_t) {.stays = true});
    if (err != ESP_OK) {
        free_events(events);
        return err;
    }
    atomic_store(&server->events, events);
    return ESP_OK;
}

static void wake_clients(events_t *events)
{
    for (client_t *client = events->clients; client; client = client->next) {
        uhttpd_conn_wake(client->conn);
    }
}

/* All numbers are as long as s_any_number. */
static const char *write_number(events_t *events, char number[ID_SIZE])
{
    uh_text_t text = {.at = number, .room = ID_SIZE};
    uh_text_hex(&text, events->nonce, 8);
    uh_text_add(&text, "-");
    uh_text_hex(&text, events->number++, 8);
    uh_text_end(&text);
    return number;
}

/* An event without an id gets the next number, so that clients can name the last event they have seen. */
static void events_append(events_t *events, const uhttpd_event_t *event, uh_text_t *text)
{
    char number[ID_SIZE];
    uhttpd_os_lock(events->lock);
    const char *id = event->id;
    if (!id) {
        id = write_number(events, number);
    }
    uh_event_format(text, event->data, event->len, event->event, id, event->retry);
    uh_event_ring_append(&events->ring, text->at, text->len);
    wake_clients(events);
    uhttpd_os_unlock(events->lock);
}

esp_err_t uhttpd_dispatch(uhttpd_handle_t server, const uhttpd_event_t *event, unsigned *listeners)
{
    events_t *events = atomic_load(&server->events);
    if (!events) {
        return ESP_ERR_INVALID_STATE;
    }
    if (!uh_event_field_is_valid(event->event) || !uh_event_field_is_valid(event->id)) {
        return ESP_ERR_INVALID_ARG;
    }
    uh_text_t text = {0};
    uh_event_format(&text, event->data, event->len, event->event, event->id ? event->id : s_any_number, event->retry);
    if (text.len > events->ring.size) {
        return ESP_ERR_INVALID_SIZE;
    }
    text = (uh_text_t) {.at = malloc(text.len), .room = text.len};
    if (!text.at) {
        return ESP_ERR_NO_MEM;
    }
    events_append(events, event, &text);
    free(text.at);
    if (listeners) {
        unsigned taken = atomic_load(&events->taken); /* may briefly count a client that is about to be refused */
        *listeners = taken < events->config.clients ? taken : events->config.clients;
    }
    return ESP_OK;
}
