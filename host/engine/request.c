/* SPDX-License-Identifier: MIT */
/* The one request that a session's receive override returns, its handler, and requests that leave it. */
#include <stdio.h>
#include <stdlib.h>

#include "esp_log.h"
#include "hs_engine.h"

#define BLOCK_SIZE 128 /* bytes that ESP-IDF's engine asks for at a time */

esp_err_t httpd_register_uri_handler(httpd_handle_t handle, const httpd_uri_t *uri_handler)
{
    hs_server_t *server = handle;
    if (!server || !uri_handler || !uri_handler->handler || strlen(uri_handler->uri) > HS_URI_MAX) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    esp_err_t err = server->handler ? ESP_ERR_HTTPD_HANDLERS_FULL : ESP_OK;
    if (err == ESP_OK) {
        snprintf(server->request_line, sizeof(server->request_line), "GET %s HTTP/1.1\r\n", uri_handler->uri);
        server->handler = uri_handler->handler;
    }
    pthread_mutex_unlock(&server->lock);
    return err;
}

/* Its request line, one header line or more, and a blank line at the very end. */
static bool request_fits(const char *request, const char *line)
{
    size_t len = strlen(line);
    const char *end = strstr(request, "\r\n\r\n");
    return strncmp(request, line, len) == 0 && end && end > request + len && !end[4];
}

/* @return anything but ESP_OK: the session is to be closed. */
esp_err_t hs_request_serve(hs_server_t *server, hs_session_t *session)
{
    char request[BLOCK_SIZE + 1];
    int got = session->recv_fn ? session->recv_fn(server, session->fd, request, BLOCK_SIZE, 0) : HTTPD_SOCK_ERR_FAIL;
    if (got <= 0 || got > BLOCK_SIZE) {
        return ESP_FAIL;
    }
    request[got] = '\0';
    pthread_mutex_lock(&server->lock);
    esp_err_t (*handler)(httpd_req_t *r) = request_fits(request, server->request_line) ? server->handler : NULL;
    pthread_mutex_unlock(&server->lock);
    if (!handler) {
        ESP_LOGW(HS_TAG, "no handler for the request that fd %d was given", session->fd);
        return ESP_FAIL;
    }
    return handler(&session->request);
}

int httpd_req_to_sockfd(httpd_req_t *r)
{
    return ((hs_session_t *)r->aux)->fd;
}

/* Detaching and completing take no system call as long as the client is silent meanwhile. The socket stays in the
 * polled set. The server task takes it out only if it has input while detached. */
esp_err_t httpd_req_async_handler_begin(httpd_req_t *r, httpd_req_t **out)
{
    if (!r || !out) {
        return ESP_ERR_INVALID_ARG;
    }
    hs_server_t *server = r->handle;
    hs_session_t *session = r->aux;
    pthread_mutex_lock(&server->lock);
    session->detached = true;
    pthread_mutex_unlock(&server->lock);
    *out = r;
    return ESP_OK;
}

esp_err_t httpd_req_async_handler_complete(httpd_req_t *r)
{
    if (!r) {
        return ESP_ERR_INVALID_ARG;
    }
    hs_server_t *server = r->handle;
    hs_session_t *session = r->aux;
    /* Once the lock is free, session and instance may be gone, so nothing is touched after that. */
    pthread_mutex_lock(&server->lock);
    session->detached = false;
    if (session->parked) {
        session->parked = false;
        hs_wake(server);
    }
    pthread_mutex_unlock(&server->lock);
    return ESP_OK;
}
