/* SPDX-License-Identifier: MIT */
/* Life of an instance: memory, listening socket, thread. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "esp_http_server_host.h"
#include "esp_log.h"
#include "hs_engine.h"

#define OWN_SOCKETS 3 /* sockets that an instance on a chip needs itself: listening, control, messages */

static void free_instance(hs_server_t *server)
{
    if (server->listen_fd >= 0) {
        close(server->listen_fd);
    }
    if (server->wake_fd >= 0) {
        close(server->wake_fd);
    }
    free(server->sessions);
    free(server->polled);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

static hs_server_t *new_instance(const httpd_config_t *config)
{
    hs_server_t *server = calloc(1, sizeof(*server));
    if (!server) {
        return NULL;
    }
    server->config = *config;
    server->listen_fd = -1;
    pthread_mutex_init(&server->lock, NULL);
    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->sessions = calloc(config->max_open_sockets, sizeof(*server->sessions));
    server->polled = calloc(HS_POLL_SESSIONS + config->max_open_sockets, sizeof(*server->polled));
    if (server->wake_fd < 0 || !server->sessions || !server->polled) {
        free_instance(server);
        return NULL;
    }
    for (unsigned i = 0; i < config->max_open_sockets; i++) {
        server->sessions[i].fd = -1;
    }
    return server;
}

static struct addrinfo *resolve_address(const char *address, uint16_t port)
{
    char service[8];
    snprintf(service, sizeof(service), "%u", port);
    struct addrinfo *found, hints = {
                                .ai_family = strchr(address, ':') ? AF_INET6 : AF_INET,
                                .ai_socktype = SOCK_STREAM,
                                .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                            };
    int err = getaddrinfo(address, service, &hints, &found);
    if (err) {
        ESP_LOGE(HS_TAG, "cannot listen on '%s': %s", address, gai_strerror(err));
        return NULL;
    }
    return found;
}

static uint16_t bound_port(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof(address);
    getsockname(fd, (struct sockaddr *)&address, &len);
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

static bool bind_and_listen(int fd, const struct addrinfo *where, int backlog)
{
    int on = 1, off = 0;
    /* The port of an instance that has just stopped can be used again at once. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (where->ai_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    }
    return bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, backlog) == 0;
}

static esp_err_t open_listener(hs_server_t *server, const char *address)
{
    struct addrinfo *where = resolve_address(address, server->config.server_port);
    if (!where) {
        return ESP_ERR_INVALID_ARG;
    }
    server->listen_fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool listens = server->listen_fd >= 0 && bind_and_listen(server->listen_fd, where, server->config.backlog_conn);
    int why = errno;
    freeaddrinfo(where);
    if (!listens) {
        ESP_LOGE(HS_TAG, "cannot listen on %s port %u: %s", address, server->config.server_port, strerror(why));
        errno = why;
        return ESP_FAIL;
    }
    server->config.server_port = bound_port(server->listen_fd);
    return ESP_OK;
}

/* Signals are the application's: the server task takes none, so that Ctrl-C reaches the main thread. */
static bool start_thread(hs_server_t *server)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int err = pthread_create(&server->thread, NULL, hs_task, server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err == 0;
}

esp_err_t httpd_host_start(httpd_handle_t *handle, httpd_config_t *config, const char *bind_addr)
{
    *handle = NULL;
    if (config->max_open_sockets + OWN_SOCKETS > CONFIG_LWIP_MAX_SOCKETS) {
        ESP_LOGE(HS_TAG, "max_open_sockets is %u, at most %d", config->max_open_sockets,
                 CONFIG_LWIP_MAX_SOCKETS - OWN_SOCKETS);
        return ESP_ERR_INVALID_ARG;
    }
    hs_server_t *server = new_instance(config);
    if (!server) {
        return ESP_ERR_HTTPD_ALLOC_MEM;
    }
    esp_err_t err = open_listener(server, bind_addr ? bind_addr : "127.0.0.1");
    if (err == ESP_OK && !start_thread(server)) {
        err = ESP_ERR_HTTPD_TASK;
    }
    if (err != ESP_OK) {
        int why = errno;
        free_instance(server);
        errno = why;
        return err;
    }
    config->server_port = server->config.server_port;
    *handle = server;
    return ESP_OK;
}

esp_err_t httpd_stop(httpd_handle_t handle)
{
    hs_server_t *server = handle;
    if (!server) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    hs_wake(server);
    pthread_mutex_unlock(&server->lock);
    pthread_join(server->thread, NULL);
    hs_free_ctx(server->config.global_user_ctx, server->config.global_user_ctx_free_fn);
    free_instance(server);
    return ESP_OK;
}

void *httpd_get_global_user_ctx(httpd_handle_t handle)
{
    return ((hs_server_t *)handle)->config.global_user_ctx;
}
