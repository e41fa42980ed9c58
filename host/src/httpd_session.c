/* SPDX-License-Identifier: MIT */
/* Sessions: one slot for each connection, its contexts, and who was used last. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "esp_log.h"
#include "httpd_priv.h"

void hd_free_ctx(void *ctx, httpd_free_ctx_fn_t free_fn)
{
    if (!ctx) {
        return;
    }
    if (free_fn) {
        free_fn(ctx);
    } else {
        free(ctx);
    }
}

/* The server task finds a session until its very end, others until its end begins. */
hd_session_t *hd_session_find_locked(hd_server_t *server, int fd)
{
    if (fd < 0) {
        return NULL;
    }
    for (unsigned i = 0; i < server->used_slots; i++) {
        hd_session_t *session = &server->sessions[i];
        if (session->fd == fd) {
            return session->closing && !hd_on_server_task(server) ? NULL : session;
        }
    }
    return NULL;
}

void hd_session_touch(hd_server_t *server, hd_session_t *session)
{
    uint64_t now = atomic_fetch_add_explicit(&server->lru_clock, 1, memory_order_relaxed) + 1;
    atomic_store_explicit(&session->lru, now, memory_order_relaxed);
}

/* The attached session that was idle longest; NULL if every one is detached, or there is none. */
hd_session_t *hd_session_lru(hd_server_t *server)
{
    hd_session_t *oldest = NULL;
    uint64_t lowest = UINT64_MAX;
    for (unsigned i = 0; i < server->used_slots; i++) {
        hd_session_t *session = &server->sessions[i];
        uint64_t lru = atomic_load_explicit(&session->lru, memory_order_relaxed);
        if (session->fd >= 0 && !atomic_load(&session->detached) && lru < lowest) {
            lowest = lru;
            oldest = session;
        }
    }
    return oldest;
}

static void slot_claim(hd_server_t *server, unsigned slot, int fd)
{
    hd_session_t *session = &server->sessions[slot];
    session->body_to_skip = 0;
    session->input_len = 0;
    atomic_store_explicit(&session->send_fn, hd_default_send, memory_order_relaxed);
    atomic_store_explicit(&session->recv_fn, hd_default_recv, memory_order_relaxed);
    atomic_store_explicit(&session->pending_fn, NULL, memory_order_relaxed);
    hd_session_touch(server, session);

    pthread_mutex_lock(&server->lock);
    session->fd = fd;
    session->generation++;
    session->closing = false;
    session->close_asked = false;
    session->parked = false;
    session->ignore_ctx_changes = false;
    if (slot >= server->used_slots) {
        server->used_slots = slot + 1;
    }
    pthread_mutex_unlock(&server->lock);
    server->open_count++;
    server->pfds[HD_PFD_SESSIONS + slot] = (struct pollfd) {.fd = fd, .events = POLLIN};
}

static void slot_release(hd_server_t *server, unsigned slot)
{
    server->pfds[HD_PFD_SESSIONS + slot].fd = -1;
    server->open_count--;
    pthread_mutex_lock(&server->lock);
    server->sessions[slot].fd = -1;
    while (server->used_slots && server->sessions[server->used_slots - 1].fd < 0) {
        server->used_slots--;
    }
    pthread_mutex_unlock(&server->lock);
}

/* Takes over `fd`: NULL if open_fn refused it, which has then been closed. Call only with a slot free. */
hd_session_t *hd_session_open(hd_server_t *server, int fd)
{
    unsigned slot = 0;
    while (server->sessions[slot].fd >= 0) {
        slot++;
    }
    slot_claim(server, slot, fd);
    hd_session_t *session = &server->sessions[slot];
    if (server->config.open_fn && server->config.open_fn(server, fd) != ESP_OK) {
        ESP_LOGD(HD_TAG, "open_fn refused fd %d", fd);
        hd_session_delete(server, session);
        return NULL;
    }
    return session;
}

/* Other threads within this session's socket functions leave before its descriptor can become another connection's. */
static void expel_users(hd_server_t *server, hd_session_t *session)
{
    pthread_mutex_lock(&server->lock);
    session->closing = true;
    if (session->users) {
        shutdown(session->fd, SHUT_RDWR);
    }
    while (session->users) {
        pthread_cond_wait(&server->unused, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
}

static void close_socket(hd_server_t *server, int fd)
{
    if (server->config.enable_so_linger) {
        struct linger linger = {.l_onoff = 1, .l_linger = server->config.linger_timeout};
        if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) < 0) {
            ESP_LOGW(HD_TAG, "cannot set SO_LINGER of fd %d: %s", fd, strerror(errno));
        }
    }
    if (server->config.close_fn) {
        server->config.close_fn(server, fd);
    } else {
        close(fd);
    }
}

/* Ends a session that is attached. */
void hd_session_delete(hd_server_t *server, hd_session_t *session)
{
    ESP_LOGD(HD_TAG, "closing fd %d", session->fd);
    expel_users(server, session);
    close_socket(server, session->fd);

    hd_free_ctx(session->ctx, session->free_ctx);
    hd_free_ctx(session->transport_ctx, session->free_transport_ctx);
    session->ctx = NULL;
    session->free_ctx = NULL;
    session->transport_ctx = NULL;
    session->free_transport_ctx = NULL;
    slot_release(server, (unsigned)(session - server->sessions));
}

/* Ends a session now, or when its owner completes it: the descriptor must stay valid until then. */
void hd_session_end(hd_server_t *server, hd_session_t *session)
{
    pthread_mutex_lock(&server->lock);
    bool detached = atomic_load(&session->detached);
    if (detached) {
        session->close_asked = true;
        shutdown(session->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&server->lock);
    if (!detached) {
        hd_session_delete(server, session);
    }
}

esp_err_t httpd_sess_update_lru_counter(httpd_handle_t handle, int sockfd)
{
    hd_server_t *server = handle;
    if (!server) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    hd_session_t *session = hd_session_find_locked(server, sockfd);
    if (session) {
        hd_session_touch(server, session);
    }
    pthread_mutex_unlock(&server->lock);
    return session ? ESP_OK : ESP_ERR_NOT_FOUND;
}

esp_err_t httpd_get_client_list(httpd_handle_t handle, size_t *fds, int *client_fds)
{
    hd_server_t *server = handle;
    if (!server || !fds || !*fds || !client_fds) {
        return ESP_ERR_INVALID_ARG;
    }
    size_t places = *fds, count = 0;
    esp_err_t err = ESP_OK;
    pthread_mutex_lock(&server->lock);
    for (unsigned i = 0; i < server->used_slots && err == ESP_OK; i++) {
        int fd = server->sessions[i].fd;
        if (fd < 0 || server->sessions[i].closing) {
            continue;
        }
        if (count < places) {
            client_fds[count++] = fd;
        } else {
            err = ESP_ERR_INVALID_ARG;
        }
    }
    pthread_mutex_unlock(&server->lock);
    *fds = count;
    return err;
}
