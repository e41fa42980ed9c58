/* SPDX-License-Identifier: MIT */
/* Listening on a desktop: on one address, which may have a name, and on a port that may be any. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "esp_http_server_host.h"
#include "esp_log.h"
#include "hs_engine.h"

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

esp_err_t hs_listen(hs_server_t *server, const char *address)
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

esp_err_t httpd_host_start(httpd_handle_t *handle, httpd_config_t *config, const char *bind_addr)
{
    esp_err_t err = hs_start(handle, config, bind_addr ? bind_addr : "127.0.0.1");
    if (err == ESP_OK) {
        config->server_port = ((hs_server_t *)*handle)->config.server_port;
    }
    return err;
}
