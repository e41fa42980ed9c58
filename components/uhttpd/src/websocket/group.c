/* SPDX-License-Identifier: MIT */
#include "websocket/group.h"

#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "http/text.h"
#include "uhttpd_guesses.h"
#include "websocket/session.h"

#define LEAST_QUEUE 256

/* --- a client's session, in the I/O task -------------------------------------------------------------------------- */

static void ws_group_enlist(struct uhttpd_ws_group *group, uhttpd_ws_client_t *client)
{
    client->next = group->clients;
    client->link = &group->clients;
    if (client->next) {
        client->next->link = &client->next;
    }
    group->clients = client;
    group->count++;
}

static void ws_group_delist(struct uhttpd_ws_group *group, uhttpd_ws_client_t *client)
{
    *client->link = client->next;
    if (client->next) {
        client->next->link = client->link;
    }
    group->count--;
}

static void *ws_group_on_open(uhttpd_ws_t *ws, void *ctx)
{
    struct uhttpd_ws_group *group = ctx;
    uhttpd_ws_client_t *client = calloc(1, sizeof(*client));
    if (!client) {
        uhttpd_ws_close(ws, UHTTPD_WS_TRY_AGAIN, "no memory");
        return NULL;
    }
    uhttpd_ws_group_hold(group);
    client->group = group;
    atomic_init(&client->holders, 1); /* the session */
    client->ws = ws;
    client->subprotocol = uhttpd_ws_subprotocol(ws);
    uh_text_copy(client->remote, sizeof(client->remote), uhttpd_ws_remote(ws));
    client->inbox.job.from = uhttpd_guesses_from(client->remote);
    uh_ws_queue_init(&client->out, group->config.queue);
    uhttpd_os_lock(group->lock);
    ws_group_enlist(group, client);
    uh_ws_inbox_open(client);
    uhttpd_os_unlock(group->lock);
    return client;
}

static size_t ws_group_on_data(uhttpd_ws_t *ws, void *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len,
                               bool final)
{
    (void)ws;
    return session ? uh_ws_inbox_take(session, type, data, len, final) : len;
}

static void go_on_closing(uhttpd_ws_client_t *client, uhttpd_ws_t *ws)
{
    if (client->out.first && uhttpd_os_now() < client->close_by) {
        uhttpd_ws_deadline(ws, client->close_by);
        return;
    }
    uh_ws_queue_clear(&client->out);
    uhttpd_ws_close(ws, client->close_code, client->reason);
}

static void ws_group_on_ready(uhttpd_ws_t *ws, void *session)
{
    uhttpd_ws_client_t *client = session;
    if (!client) {
        return;
    }
    struct uhttpd_ws_group *group = client->group;
    uhttpd_os_lock(group->lock);
    if (uh_ws_queue_send(&client->out, ws, group->config.session.tx_size / 2)) {
        uh_ws_client_tell_waiters(client);
    }
    if (client->closing) {
        go_on_closing(client, ws);
    }
    uhttpd_os_unlock(group->lock);
    uhttpd_ws_resume(ws);
}

/* Ours, if it was our code that the session ended with. */
static void note_end(uhttpd_ws_client_t *client, const uhttpd_ws_t *ws, uint16_t code)
{
    client->code = code;
    if (!client->closing || code != client->close_code) {
        const char *reason;
        size_t len = uhttpd_ws_reason(ws, &reason);
        memcpy(client->reason, len ? reason : "", len);
        client->reason[len] = '\0';
    }
}

static void ws_group_on_closed(uhttpd_ws_t *ws, void *session, uint16_t code)
{
    uhttpd_ws_client_t *client = session;
    if (!client) {
        return;
    }
    struct uhttpd_ws_group *group = client->group;
    uhttpd_os_lock(group->lock);
    client->ws = NULL;
    ws_group_delist(group, client);
    note_end(client, ws, code);
    uh_ws_queue_clear(&client->out);
    uh_ws_client_tell_waiters(client);
    uh_ws_inbox_end(client);
    uhttpd_os_unlock(group->lock);
    uhttpd_ws_client_release(client);
}

/* --- the group ---------------------------------------------------------------------------------------------------- */

void uhttpd_ws_group_hold(uhttpd_ws_group_t group)
{
    atomic_fetch_add(&group->holders, 1);
}

void uhttpd_ws_group_release(uhttpd_ws_group_t group)
{
    if (atomic_fetch_sub(&group->holders, 1) == 1) {
        if (group->lock) {
            uhttpd_os_mutex_destroy(group->lock);
        }
        free(group->subprotocol);
        free(group);
    }
}

static void route_is_gone(void *ctx)
{
    uhttpd_ws_group_release(ctx);
}

static struct uhttpd_ws_group *ws_group_create(uhttpd_handle_t server, const uhttpd_ws_group_config_t *config)
{
    struct uhttpd_ws_group *group = calloc(1, sizeof(*group));
    if (!group) {
        return NULL;
    }
    atomic_init(&group->holders, 1);
    group->config = *config;
    group->server = server;
    group->lock = uhttpd_os_mutex_create();
    const char *subprotocol = config->session.subprotocol;
    group->subprotocol = subprotocol ? strdup(subprotocol) : NULL;
    if (!group->lock || (subprotocol && !group->subprotocol)) {
        uhttpd_ws_group_release(group);
        return NULL;
    }
    return group;
}

static esp_err_t ws_group_add_route(struct uhttpd_ws_group *group)
{
    static const uhttpd_ws_events_t events = {
        .open = ws_group_on_open, .data = ws_group_on_data, .ready = ws_group_on_ready, .closed = ws_group_on_closed};
    uhttpd_ws_config_t session = group->config.session;
    session.events = events;
    session.ctx = group;
    session.tolerant = false;
    session.subprotocol = group->subprotocol;
    group->config.session.url = NULL; /* the caller's */
    return uh_ws_route_add(group->server, &session, route_is_gone);
}

esp_err_t uhttpd_ws_group_route(uhttpd_handle_t server, const uhttpd_ws_group_config_t *config, uhttpd_ws_group_t *out)
{
    uhttpd_ws_group_t unused;
    out = out ? out : &unused;
    *out = NULL;
    if (!config->events.message || !config->session.max_message || config->queue < LEAST_QUEUE) {
        return ESP_ERR_INVALID_ARG;
    }
    struct uhttpd_ws_group *group = ws_group_create(server, config);
    if (!group) {
        return ESP_ERR_NO_MEM;
    }
    *out = group; /* before the first client comes */
    esp_err_t err = ws_group_add_route(group);
    if (err != ESP_OK) {
        *out = NULL;
        uhttpd_ws_group_release(group);
    }
    return err;
}

unsigned uhttpd_ws_group_count(uhttpd_ws_group_t group)
{
    uhttpd_os_lock(group->lock);
    unsigned count = group->count;
    uhttpd_os_unlock(group->lock);
    return count;
}

/* --- to everybody ------------------------------------------------------------------------------------------------- */

/* Clients that have no room right now. */
typedef struct {
    uhttpd_ws_client_t **clients; /* held */
    unsigned count;
} late_t;

/* @return how many have got it; 0 if there is no memory for @p late */
static unsigned post_to_all(struct uhttpd_ws_group *group, uh_ws_message_t *message, late_t *late)
{
    unsigned reached = 0;
    uhttpd_os_lock(group->lock);
    late->clients = malloc((group->count + 1) * sizeof(uhttpd_ws_client_t *));
    for (uhttpd_ws_client_t *client = group->clients; client && late->clients; client = client->next) {
        esp_err_t err = uh_ws_client_post_now(client, message);
        if (err == ESP_OK) {
            reached++;
        } else if (err != ESP_ERR_UHTTPD_GONE) {
            uhttpd_ws_client_hold(client);
            late->clients[late->count++] = client;
        }
    }
    uhttpd_os_unlock(group->lock);
    return reached;
}

/* @return how many of them have got it */
static unsigned wait_for_late(const late_t *late, uh_ws_message_t *message, uint32_t timeout)
{
    unsigned reached = 0;
    uint64_t until = uhttpd_os_now() + timeout;
    for (unsigned i = 0; i < late->count; i++) {
        uint64_t now = uhttpd_os_now();
        esp_err_t err = uh_ws_client_post(late->clients[i], message, now < until ? (uint32_t)(until - now) : 0);
        if (err == ESP_OK) {
            reached++;
        } else if (err != ESP_ERR_UHTTPD_GONE) {
            uh_ws_client_give_up(late->clients[i]);
        }
        uhttpd_ws_client_release(late->clients[i]);
    }
    return reached;
}

esp_err_t uhttpd_ws_group_send(uhttpd_ws_group_t group, uhttpd_ws_type_t type, const void *data, size_t len,
                               uint32_t timeout, unsigned *clients)
{
    if (len > group->config.queue) {
        return ESP_ERR_INVALID_SIZE;
    }
    uh_ws_message_t *message = uh_ws_message_new(type, data, len);
    if (!message) {
        return ESP_ERR_NO_MEM;
    }
    late_t late = {0};
    unsigned reached = post_to_all(group, message, &late);
    esp_err_t err = late.clients ? ESP_OK : ESP_ERR_NO_MEM;
    reached += wait_for_late(&late, message, timeout);
    free(late.clients);
    uh_ws_message_release(message);
    if (clients) {
        *clients = reached;
    }
    return err;
}
