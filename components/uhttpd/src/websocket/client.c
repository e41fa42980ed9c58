/* SPDX-License-Identifier: MIT */

/* Functions that any task may use on a client. */
#include <stdlib.h>
#include <string.h>

#include "http/text.h"
#include "websocket/group.h"

#define CLOSE_MS 5000 /* for what is queued when a client is closed */

struct uh_ws_waiter {
    uh_ws_waiter_t *next;
    uhttpd_os_sem_t woken;
};

static void ws_client_lock(uhttpd_ws_client_t *client)
{
    uhttpd_os_lock(client->group->lock);
}

static void ws_client_unlock(uhttpd_ws_client_t *client)
{
    uhttpd_os_unlock(client->group->lock);
}

void uhttpd_ws_client_hold(uhttpd_ws_client_t *client)
{
    atomic_fetch_add(&client->holders, 1);
}

void uhttpd_ws_client_release(uhttpd_ws_client_t *client)
{
    if (atomic_fetch_sub(&client->holders, 1) == 1) {
        struct uhttpd_ws_group *group = client->group;
        free(client->inbox.data);
        free(client);
        uhttpd_ws_group_release(group);
    }
}

/* --- sending ------------------------------------------------------------------------------------------------------ */

void uh_ws_client_tell_waiters(uhttpd_ws_client_t *client)
{
    for (uh_ws_waiter_t *waiter = client->waiters; waiter; waiter = waiter->next) {
        uhttpd_os_sem_give(waiter->woken);
    }
}

static void remove_waiter(uhttpd_ws_client_t *client, uh_ws_waiter_t *waiter)
{
    uh_ws_waiter_t **link = &client->waiters;
    while (*link != waiter) {
        link = &(*link)->next;
    }
    *link = waiter->next;
}

esp_err_t uh_ws_client_post_now(uhttpd_ws_client_t *client, uh_ws_message_t *message)
{
    if (!client->ws || client->closing) {
        return ESP_ERR_UHTTPD_GONE;
    }
    if (!uh_ws_queue_has_room(&client->out, message)) {
        return ESP_ERR_TIMEOUT;
    }
    if (!uh_ws_queue_add(&client->out, message)) {
        return ESP_ERR_NO_MEM;
    }
    uhttpd_ws_wake(client->ws);
    return ESP_OK;
}

/* Called with the lock held, and releases it while it waits. */
static esp_err_t wait_and_post(uhttpd_ws_client_t *client, uh_ws_message_t *message, uint32_t timeout)
{
    uh_ws_waiter_t waiter = {.woken = uhttpd_os_sem_create(), .next = client->waiters};
    if (!waiter.woken) {
        return ESP_ERR_NO_MEM;
    }
    client->waiters = &waiter;
    uint64_t until = uhttpd_os_now() + timeout;
    esp_err_t err;
    for (uint64_t now; (err = uh_ws_client_post_now(client, message)) == ESP_ERR_TIMEOUT;) {
        now = uhttpd_os_now();
        if (now >= until) {
            break;
        }
        ws_client_unlock(client);
        uhttpd_os_sem_take(waiter.woken, (uint32_t)(until - now));
        ws_client_lock(client);
    }
    remove_waiter(client, &waiter);
    uhttpd_os_sem_destroy(waiter.woken);
    return err;
}

esp_err_t uh_ws_client_post(uhttpd_ws_client_t *client, uh_ws_message_t *message, uint32_t timeout)
{
    if (!uh_ws_queue_can_hold(&client->out, message)) {
        return ESP_ERR_INVALID_SIZE;
    }
    ws_client_lock(client);
    esp_err_t err = uh_ws_client_post_now(client, message);
    if (err == ESP_ERR_TIMEOUT && timeout) {
        err = wait_and_post(client, message, timeout);
    }
    ws_client_unlock(client);
    return err;
}

esp_err_t uhttpd_ws_client_send(uhttpd_ws_client_t *client, uhttpd_ws_type_t type, const void *data, size_t len,
                                uint32_t timeout)
{
    uh_ws_message_t *message = uh_ws_message_new(type, data, len);
    if (!message) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = uh_ws_client_post(client, message, timeout);
    uh_ws_message_release(message);
    return err;
}

/* --- closing ------------------------------------------------------------------------------------------------------ */

static void close_client(uhttpd_ws_client_t *client, uint16_t code, const char *reason, uint64_t by)
{
    ws_client_lock(client);
    if (client->ws && !client->closing) {
        client->closing = true;
        client->close_by = by;
        client->close_code = code;
        uh_text_copy(client->reason, sizeof(client->reason), reason);
        uhttpd_ws_wake(client->ws);
        uh_ws_client_tell_waiters(client);
    }
    ws_client_unlock(client);
}

esp_err_t uhttpd_ws_client_close(uhttpd_ws_client_t *client, uint16_t code, const char *reason)
{
    if (!uhttpd_ws_close_code_valid(code)) {
        return ESP_ERR_INVALID_ARG;
    }
    if (reason && strlen(reason) >= sizeof(client->reason)) {
        return ESP_ERR_INVALID_SIZE;
    }
    close_client(client, code, reason ? reason : "", uhttpd_os_now() + CLOSE_MS);
    return ESP_OK;
}

void uh_ws_client_give_up(uhttpd_ws_client_t *client)
{
    close_client(client, UHTTPD_WS_TRY_AGAIN, "too slow", 0);
}

/* --- facts about it ----------------------------------------------------------------------------------------------- */

uint16_t uhttpd_ws_client_code(uhttpd_ws_client_t *client)
{
    ws_client_lock(client);
    uint16_t code = client->code;
    ws_client_unlock(client);
    return code;
}

const char *uhttpd_ws_client_reason(const uhttpd_ws_client_t *client)
{
    return client->reason;
}

const char *uhttpd_ws_client_remote(const uhttpd_ws_client_t *client)
{
    return client->remote;
}

const char *uhttpd_ws_client_subprotocol(const uhttpd_ws_client_t *client)
{
    return client->subprotocol;
}
