/* SPDX-License-Identifier: MIT */
/* Sessions: one slot for each connection, its receive override and its context. */
#include <stdlib.h>
#include <unistd.h>

#include "esp_log.h"
#include "hs_engine.h"

void hs_free_ctx(void *ctx, httpd_free_ctx_fn_t free_fn)
{
    if (ctx) {
        (free_fn ? free_fn : free)(ctx);
    }
}

static hs_session_t *session_of(hs_server_t *server, int fd)
{
    for (unsigned i = 0; i < server->config.max_open_sockets; i++) {
        if (server->sessions[i].fd == fd) {
            return &server->sessions[i];
        }
    }
    return NULL;
}

/* Takes over `fd`. There is a free slot. */
void hs_session_open(hs_server_t *server, int fd)
{
    hs_session_t *session = session_of(server, -1);
    *session = (hs_session_t) {.request = {.handle = server, .aux = session}, .fd = fd};
    server->open_count++;
    if (server->config.open_fn(server, fd) != ESP_OK) {
        ESP_LOGE(HS_TAG, "open_fn has failed for fd %d, which ESP-IDF closes twice", fd);
        abort();
    }
}

/* On a chip the owner would use the socket of another connection, and freed memory. */
static void refuse_if_detached(hs_server_t *server, hs_session_t *session)
{
    pthread_mutex_lock(&server->lock);
    bool detached = session->detached;
    pthread_mutex_unlock(&server->lock);
    if (detached) {
        ESP_LOGE(HS_TAG, "fd %d is to be closed while its request is detached", session->fd);
        abort();
    }
}

void hs_session_close(hs_server_t *server, hs_session_t *session)
{
    ESP_LOGD(HS_TAG, "closing fd %d", session->fd);
    refuse_if_detached(server, session);
    server->config.close_fn(server, session->fd);
    hs_free_ctx(session->ctx, session->free_ctx);
    session->fd = -1;
    server->open_count--;
}

esp_err_t httpd_sess_set_recv_override(httpd_handle_t hd, int sockfd, httpd_recv_func_t recv_func)
{
    hs_session_t *session = session_of(hd, sockfd);
    if (!session || !recv_func) {
        return ESP_ERR_INVALID_ARG;
    }
    session->recv_fn = recv_func;
    return ESP_OK;
}

void *httpd_sess_get_transport_ctx(httpd_handle_t handle, int sockfd)
{
    hs_session_t *session = session_of(handle, sockfd);
    return session ? session->ctx : NULL;
}

void httpd_sess_set_transport_ctx(httpd_handle_t handle, int sockfd, void *ctx, httpd_free_ctx_fn_t free_fn)
{
    hs_session_t *session = session_of(handle, sockfd);
    if (session) {
        session->ctx = ctx;
        session->free_ctx = free_fn;
    }
}
