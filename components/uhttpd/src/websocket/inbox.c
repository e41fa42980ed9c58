/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "websocket/group.h"

#define FIRST_SIZE 128 /* bytes of memory that a message in several pieces begins with */

static void ws_inbox_run(uhttpd_job_t *job, bool cancelled);

static void ws_inbox_submit(uhttpd_ws_client_t *client)
{
    uh_ws_inbox_t *inbox = &client->inbox;
    if (inbox->busy) {
        return;
    }
    inbox->busy = true;
    inbox->job.run = ws_inbox_run;
    uhttpd_ws_client_hold(client);
    /* Never refused, because a server ends its last connection before its workers. */
    uhttpd_submit(client->group->server, &inbox->job);
}

/* --- in a worker -------------------------------------------------------------------------------------------------- */

typedef enum {
    NOTHING,
    OPENED,
    MESSAGE,
    CLOSED,
} event_t;

static event_t ws_inbox_take_event(uh_ws_inbox_t *inbox, bool closing)
{
    if (inbox->to_open) {
        inbox->to_open = false;
        inbox->opened = true;
        return OPENED;
    }
    if (inbox->opened && inbox->whole && !closing) {
        return MESSAGE;
    }
    if (inbox->opened && inbox->ended) {
        inbox->opened = false;
        return CLOSED;
    }
    inbox->busy = false;
    return NOTHING;
}

static event_t next_event(uhttpd_ws_client_t *client)
{
    uhttpd_os_lock(client->group->lock);
    event_t event = ws_inbox_take_event(&client->inbox, client->closing);
    uhttpd_os_unlock(client->group->lock);
    return event;
}

static void forget_message(uh_ws_inbox_t *inbox)
{
    free(inbox->data);
    inbox->data = NULL;
    inbox->len = inbox->size = 0;
}

static void handle_message(uhttpd_ws_client_t *client)
{
    uh_ws_inbox_t *inbox = &client->inbox;
    client->group->config.events.message(client, client->context, inbox->type, inbox->data, inbox->len);
    forget_message(inbox);
    uhttpd_os_lock(client->group->lock);
    inbox->whole = false;
    if (client->ws) {
        uhttpd_ws_wake(client->ws); /* which resumes it */
    }
    uhttpd_os_unlock(client->group->lock);
}

static void ws_inbox_tell(uhttpd_ws_client_t *client, event_t event)
{
    const uhttpd_ws_group_config_t *config = &client->group->config;
    if (event == MESSAGE) {
        handle_message(client);
    } else if (event == OPENED) {
        client->context = config->events.opened ? config->events.opened(client, config->ctx) : config->ctx;
    } else if (config->events.closed) {
        config->events.closed(client, client->context, client->code);
    }
}

/* The server is being stopped, and this must take no time. Only events.closed still has to be called, by a worker. */
static bool ws_inbox_cancel(uhttpd_ws_client_t *client)
{
    uh_ws_inbox_t *inbox = &client->inbox;
    uhttpd_os_lock(client->group->lock);
    inbox->to_open = false;
    if (inbox->whole) {
        forget_message(inbox);
        inbox->whole = false;
    }
    inbox->busy = inbox->opened && inbox->ended;
    bool again = inbox->busy;
    uhttpd_os_unlock(client->group->lock);
    return again && uhttpd_submit(client->group->server, &inbox->job) == ESP_OK;
}

/* @return true: the job is submitted again when events go on */
static bool ws_inbox_waits(uhttpd_ws_client_t *client)
{
    uh_ws_inbox_t *inbox = &client->inbox;
    uhttpd_os_lock(client->group->lock);
    bool waits = inbox->waits = inbox->paused && inbox->opened && !inbox->ended;
    uhttpd_os_unlock(client->group->lock);
    return waits;
}

/* @return true: they wait, and so does the job */
static bool ws_inbox_tell_all(uhttpd_ws_client_t *client)
{
    bool waits = false;
    for (event_t event; !waits && (event = next_event(client)) != NOTHING;) {
        ws_inbox_tell(client, event);
        waits = ws_inbox_waits(client);
    }
    return waits;
}

static void ws_inbox_run(uhttpd_job_t *job, bool cancelled)
{
    uhttpd_ws_client_t *client = UH_CONTAINER_OF(job, uhttpd_ws_client_t, inbox.job);
    if (!(cancelled ? ws_inbox_cancel(client) : ws_inbox_tell_all(client))) {
        uhttpd_ws_client_release(client);
    }
}

/* --- a pause ------------------------------------------------------------------------------------------------------ */

/* Under the lock. Only while the session lives, and so the server, does the job wait. */
static void ws_inbox_go_on(uhttpd_ws_client_t *client)
{
    if (client->inbox.waits) {
        client->inbox.waits = false;
        uhttpd_submit(client->group->server, &client->inbox.job);
    }
}

void uhttpd_ws_client_pause(uhttpd_ws_client_t *client)
{
    uhttpd_os_lock(client->group->lock);
    client->inbox.paused = true;
    uhttpd_os_unlock(client->group->lock);
}

void uhttpd_ws_client_go_on(uhttpd_ws_client_t *client)
{
    uhttpd_os_lock(client->group->lock);
    client->inbox.paused = false;
    ws_inbox_go_on(client);
    uhttpd_os_unlock(client->group->lock);
}

/* --- in the I/O task ---------------------------------------------------------------------------------------------- */

void uh_ws_inbox_open(uhttpd_ws_client_t *client)
{
    client->inbox.to_open = true;
    ws_inbox_submit(client);
}

void uh_ws_inbox_end(uhttpd_ws_client_t *client)
{
    client->inbox.ended = true;
    ws_inbox_go_on(client);
    ws_inbox_submit(client);
}

/* Memory grows with what has arrived, never with what was announced. */
static size_t next_size(const uh_ws_inbox_t *inbox, size_t need, size_t most, bool final)
{
    size_t size = inbox->size ? 2 * inbox->size : FIRST_SIZE;
    size = size < most ? size : most;
    return final || size < need ? need : size;
}

static bool ws_inbox_make_room(uh_ws_inbox_t *inbox, size_t more, size_t longest, bool final)
{
    size_t need = inbox->len + more + 1; /* a NUL at the end */
    if (need <= inbox->size) {
        return true;
    }
    size_t size = next_size(inbox, need, longest + 1, final);
    uint8_t *data = realloc(inbox->data, size);
    if (!data) {
        size = need;
        data = realloc(inbox->data, size);
    }
    if (data) {
        inbox->data = data;
        inbox->size = size;
    }
    return data;
}

static void ws_inbox_add(uh_ws_inbox_t *inbox, uhttpd_ws_type_t type, const uint8_t *data, size_t len)
{
    inbox->type = type;
    if (len) {
        memcpy(inbox->data + inbox->len, data, len);
    }
    inbox->len += len;
    inbox->data[inbox->len] = '\0';
}

size_t uh_ws_inbox_take(uhttpd_ws_client_t *client, uhttpd_ws_type_t type, const uint8_t *data, size_t len, bool final)
{
    uh_ws_inbox_t *inbox = &client->inbox;
    uhttpd_os_lock(client->group->lock);
    bool closing = client->closing;
    bool whole = inbox->whole;
    uhttpd_os_unlock(client->group->lock);
    if (closing) {
        return len;
    }
    if (whole) {
        return UHTTPD_WS_LATER;
    }
    if (!ws_inbox_make_room(inbox, len, client->group->config.session.max_message, final)) {
        uhttpd_ws_close(client->ws, UHTTPD_WS_TOO_BIG, "no memory");
        return len;
    }
    ws_inbox_add(inbox, type, data, len);
    if (final) {
        uhttpd_os_lock(client->group->lock);
        inbox->whole = true;
        ws_inbox_submit(client);
        uhttpd_os_unlock(client->group->lock);
    }
    return len;
}
