/* SPDX-License-Identifier: MIT */
/* Listening as on a chip: on every address of both families, with two more sockets for control messages, of which one has
 * a UDP port of its own. Nothing says what has failed. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "esp_log.h"
#include "hs_engine.h"

static bool open_ctrl_sockets(hs_server_t *server)
{
    struct sockaddr_in loopback = {
        .sin_family = AF_INET, .sin_port = htons(server->config.ctrl_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server->ctrl_fds[0] = socket(AF_INET, SOCK_DGRAM, 0);
    server->ctrl_fds[1] = socket(AF_INET, SOCK_DGRAM, 0);
    return server->ctrl_fds[1] >= 0 && bind(server->ctrl_fds[0], (struct sockaddr *)&loopback, sizeof(loopback)) == 0;
}

esp_err_t hs_listen(hs_server_t *server, const char *address)
{
    (void)address;
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(server->config.server_port)};
    int on = 1;
    server->listen_fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(server->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    bool listens = server->listen_fd >= 0 && bind(server->listen_fd, (struct sockaddr *)&any, sizeof(any)) == 0 &&
                   listen(server->listen_fd, server->config.backlog_conn) == 0 && open_ctrl_sockets(server);
    if (!listens) {
        ESP_LOGE(HS_TAG, "cannot listen on port %u", server->config.server_port);
    }
    return listens ? ESP_OK : ESP_FAIL;
}

esp_err_t httpd_start(httpd_handle_t *handle, const httpd_config_t *config)
{
    return hs_start(handle, config, NULL);
}
