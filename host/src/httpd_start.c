/* SPDX-License-Identifier: MIT */
/* Life of an instance: memory, listening socket, thread. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "esp_http_server_host.h"
#include "esp_log.h"
#include "httpd_priv.h"

/* The descriptors that an instance on a chip needs for itself: listening, control, messages. */
#define HD_OWN_SOCKETS 3

static void server_free(hd_server_t *server)
{
    for (unsigned i = 0; i < server->config.max_open_sockets && server->sessions; i++) {
        if (server->sessions[i].copy) {
            hd_request_free_storage(server->sessions[i].copy);
            free(server->sessions[i].copy);
        }
    }
    hd_request_free_storage(&server->request);
    hd_uri_free_all(server);
    free(server->sessions);
    free(server->pfds);
    pthread_cond_destroy(&server->unused);
    pthread_mutex_destroy(&server->lock);
    pthread_mutex_destroy(&server->uri_lock);
    free(server);
}

static hd_server_t *server_new(const httpd_config_t *config)
{
    hd_server_t *server = calloc(1, sizeof(*server));
    if (!server) {
        return NULL;
    }
    server->config = *config;
    if (!config->max_req_hdr_len) {
        server->config.max_req_hdr_len = CONFIG_HTTPD_MAX_REQ_HDR_LEN;
    }
    if (!config->max_uri_len) {
        server->config.max_uri_len = CONFIG_HTTPD_MAX_URI_LEN;
    }
    server->listen_fd = -1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->uri_lock, NULL);
    pthread_cond_init(&server->unused, NULL);

    size_t slots = config->max_open_sockets;
    server->sessions = calloc(slots + 1, sizeof(*server->sessions));
    server->pfds = calloc(HD_PFD_SESSIONS + slots, sizeof(*server->pfds));
    server->uris = calloc(config->max_uri_handlers + 1u, sizeof(*server->uris));
    if (!server->sessions || !server->pfds || !server->uris ||
        hd_request_storage(&server->request, &server->config) != ESP_OK) {
        server_free(server);
        return NULL;
    }
    for (size_t i = 0; i < slots; i++) {
        server->sessions[i].fd = -1;
        server->pfds[HD_PFD_SESSIONS + i].fd = -1;
    }
    return server;
}

static esp_err_t resolve(const char *addr, uint16_t port, struct addrinfo **found)
{
    char service[8];
    snprintf(service, sizeof(service), "%u", port);
    struct addrinfo hints = {
        .ai_family = strchr(addr, ':') ? AF_INET6 : AF_INET,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
    };
    int err = getaddrinfo(addr, service, &hints, found);
    if (err) {
        ESP_LOGE(HD_TAG, "cannot listen on '%s': %s", addr, gai_strerror(err));
        return ESP_ERR_INVALID_ARG;
    }
    return ESP_OK;
}

static uint16_t bound_port(int fd)
{
    struct sockaddr_storage addr;
    socklen_t len = sizeof(addr);
    if (getsockname(fd, (struct sockaddr *)&addr, &len) < 0) {
        return 0;
    }
    return ntohs(addr.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&addr)->sin6_port
                                            : ((struct sockaddr_in *)&addr)->sin_port);
}

static bool bind_and_listen(int fd, const struct addrinfo *where, int backlog)
{
    int on = 1, off = 0;
    /* The port of an instance that has just stopped may be taken again at once. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (where->ai_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    }
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
           bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, backlog) == 0;
}

static esp_err_t open_listener(hd_server_t *server, const char *addr)
{
    struct addrinfo *where;
    esp_err_t err = resolve(addr, server->config.server_port, &where);
    if (err != ESP_OK) {
        return err;
    }
    int fd = socket(where->ai_family, SOCK_STREAM, 0);
    if (fd < 0 || !bind_and_listen(fd, where, server->config.backlog_conn)) {
        int why = errno;
        ESP_LOGE(HD_TAG, "cannot listen on %s port %u: %s", addr, server->config.server_port, strerror(why));
        if (fd >= 0) {
            close(fd);
        }
        freeaddrinfo(where);
        errno = why;
        return ESP_FAIL;
    }
    freeaddrinfo(where);
    server->listen_fd = fd;
    server->port = bound_port(fd);
    return ESP_OK;
}

/* Signals are the application's: the server task takes none, so that Ctrl-C reaches the main thread. Those that
 * report a fault of the thread itself stay. */
static bool start_thread(hd_server_t *server)
{
    sigset_t all, before;
    sigfillset(&all);
    const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        sigdelset(&all, faults[i]);
    }
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int err = pthread_create(&server->thread, NULL, hd_server_main, server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err == 0;
}

static const char *bind_address(const char *asked)
{
    if (asked) {
        return asked;
    }
    const char *env = getenv(HTTPD_HOST_BIND_ENV);
    return env && *env ? env : HTTPD_HOST_BIND_DEFAULT;
}

esp_err_t httpd_host_start(httpd_handle_t *handle, const httpd_config_t *config, const char *bind_addr)
{
    if (!handle || !config) {
        return ESP_ERR_INVALID_ARG;
    }
    *handle = NULL;
    if (config->max_open_sockets + HD_OWN_SOCKETS > CONFIG_LWIP_MAX_SOCKETS) {
        ESP_LOGE(HD_TAG, "max_open_sockets is %u, at most %d", config->max_open_sockets,
                 CONFIG_LWIP_MAX_SOCKETS - HD_OWN_SOCKETS);
        return ESP_ERR_INVALID_ARG;
    }
    hd_server_t *server = server_new(config);
    if (!server) {
        return ESP_ERR_HTTPD_ALLOC_MEM;
    }
    int why = 0;
    esp_err_t err = open_listener(server, bind_address(bind_addr));
    if (err != ESP_OK) {
        why = errno;
        goto free_server;
    }
    err = hd_wake_init(server);
    if (err != ESP_OK) {
        why = errno;
        goto close_listener;
    }
    /* Before the thread runs, so that its first callbacks find a handle that the application keeps in a global. */
    *handle = server;
    if (start_thread(server)) {
        return ESP_OK;
    }
    *handle = NULL;
    err = ESP_ERR_HTTPD_TASK;
    hd_wake_free(server);
close_listener:
    close(server->listen_fd);
free_server:
    server_free(server);
    errno = why;
    return err;
}

esp_err_t httpd_start(httpd_handle_t *handle, const httpd_config_t *config)
{
    return httpd_host_start(handle, config, NULL);
}

esp_err_t httpd_stop(httpd_handle_t handle)
{
    hd_server_t *server = handle;
    if (!server) {
        return ESP_ERR_INVALID_ARG;
    }
    if (hd_on_server_task(server)) {
        ESP_LOGE(HD_TAG, "httpd_stop() called from the server's own task");
        return ESP_ERR_INVALID_STATE;
    }
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    hd_wake(server);
    pthread_mutex_unlock(&server->lock);
    pthread_join(server->thread, NULL);

    hd_free_ctx(server->config.global_user_ctx, server->config.global_user_ctx_free_fn);
    hd_free_ctx(server->config.global_transport_ctx, server->config.global_transport_ctx_free_fn);
    hd_wake_free(server);
    server_free(server);
    return ESP_OK;
}

uint16_t httpd_host_port(httpd_handle_t handle)
{
    return handle ? ((hd_server_t *)handle)->port : 0;
}

void *httpd_get_global_user_ctx(httpd_handle_t handle)
{
    return handle ? ((hd_server_t *)handle)->config.global_user_ctx : NULL;
}

void *httpd_get_global_transport_ctx(httpd_handle_t handle)
{
    return handle ? ((hd_server_t *)handle)->config.global_transport_ctx : NULL;
}
