/* SPDX-License-Identifier: MIT */
/* The server task: waits for connections, input and work, and serves them. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "esp_log.h"
#include "hs_engine.h"

#define ACCEPT_PAUSE_MS \
    100 /* after accept() has failed for lack of descriptors or memory; without it the task would spin */

static void set_keep_alive(const httpd_config_t *config, int fd)
{
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int) {1}, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &config->keep_alive_idle, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &config->keep_alive_interval, sizeof(int));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &config->keep_alive_count, sizeof(int));
}

static void accept_connection(hs_server_t *server)
{
    int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
        server->accept_fails = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (server->accept_fails) {
            ESP_LOGE(HS_TAG, "cannot accept a connection: %s", strerror(errno));
        }
        return;
    }
    if (server->config.keep_alive_enable) {
        set_keep_alive(&server->config, fd);
    }
    hs_session_open(server, fd);
}

static void fill_poll_set(hs_server_t *server)
{
    bool accepts = server->open_count < server->config.max_open_sockets && !server->accept_fails;
    struct pollfd *polled = server->polled;
    polled[HS_POLL_WAKE] = (struct pollfd) {.fd = server->wake_fd, .events = POLLIN};
    polled[HS_POLL_LISTEN] = (struct pollfd) {.fd = accepts ? server->listen_fd : -1, .events = POLLIN};
    pthread_mutex_lock(&server->lock);
    for (unsigned i = 0; i < server->config.max_open_sockets; i++) {
        hs_session_t *session = &server->sessions[i];
        polled[HS_POLL_SESSIONS + i] = (struct pollfd) {.fd = session->parked ? -1 : session->fd, .events = POLLIN};
    }
    pthread_mutex_unlock(&server->lock);
}

static void wait_for_events(hs_server_t *server)
{
    fill_poll_set(server);
    nfds_t count = HS_POLL_SESSIONS + server->config.max_open_sockets;
    if (poll(server->polled, count, server->accept_fails ? ACCEPT_PAUSE_MS : -1) < 0) {
        for (nfds_t i = 0; i < count; i++) {
            server->polled[i].revents = 0;
        }
    }
    server->accept_fails = false;
    if (server->polled[HS_POLL_WAKE].revents) {
        uint64_t wakes;
        while (read(server->wake_fd, &wakes, sizeof(wakes)) < 0 && errno == EINTR) {
        }
    }
}

/* @return true if the owner of a detached request has to give it back first. */
static bool park_if_detached(hs_server_t *server, hs_session_t *session)
{
    pthread_mutex_lock(&server->lock);
    session->parked = session->detached;
    bool parked = session->parked;
    pthread_mutex_unlock(&server->lock);
    return parked;
}

static void serve_sessions(hs_server_t *server)
{
    for (unsigned i = 0; i < server->config.max_open_sockets; i++) {
        hs_session_t *session = &server->sessions[i];
        if (!server->polled[HS_POLL_SESSIONS + i].revents || park_if_detached(server, session)) {
            continue;
        }
        if (hs_request_serve(server, session) != ESP_OK) {
            hs_session_close(server, session);
        }
    }
}

static void close_sessions(hs_server_t *server)
{
    for (unsigned i = 0; i < server->config.max_open_sockets; i++) {
        if (server->sessions[i].fd >= 0) {
            hs_session_close(server, &server->sessions[i]);
        }
    }
}

void *hs_task(void *arg)
{
    hs_server_t *server = arg;
    pthread_setname_np(pthread_self(), "httpd");
    while (hs_work_run(server)) {
        wait_for_events(server);
        serve_sessions(server);
        if (server->polled[HS_POLL_LISTEN].revents) {
            accept_connection(server);
        }
    }
    close_sessions(server);
    return NULL;
}
